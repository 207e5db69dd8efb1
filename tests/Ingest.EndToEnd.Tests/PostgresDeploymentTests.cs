using System.Globalization;
using System.Xml.Linq;
using Ingest.Contracts.Tests;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Ingest.EndToEnd.Tests;

/// <summary>
/// <c>docker-compose.postgres.yml</c> and <c>deploy/</c> against the code and against one another. What <c>roles.sql</c> does is tested on a server, in
/// <c>PostgresRolesTests</c>.
/// </summary>
public sealed class PostgresDeploymentTests : IDisposable
{
    const string Compose = "docker-compose.postgres.yml", Unit = "deploy/systemd/ingest.service", Kubernetes = "deploy/kubernetes";

    static readonly Dictionary<object, object> Composed = Yaml(Compose).Single(), OneMachine = Yaml("docker-compose.yml").Single();
    static readonly List<Dictionary<object, object>> Objects = [.. Texts(Yaml($"{Kubernetes}/kustomization.yaml").Single()["resources"]).SelectMany(f => Yaml($"{Kubernetes}/{f}"))];

    readonly DirectoryInfo secrets = Directory.CreateTempSubdirectory("ingest-deployment-");

    public void Dispose() => secrets.Delete(recursive: true);

    /// <summary>Where the service is described, its role, its settings, and the seconds that it is given to end.</summary>
    static IEnumerable<(string Where, Dictionary<string, string> Settings, int Seconds)> Processes()
    {
        foreach (var (name, service) in Map(Composed["services"]).Select(s => ((string)s.Key, Map(s.Value))).Where(s => ((string)s.Item2["image"]).StartsWith("ingest:", StringComparison.Ordinal)))
            yield return ($"{Compose} {name}", Variables(Map(service["environment"]).ToDictionary(v => (string)v.Key, v => (string)v.Value, StringComparer.Ordinal)),
                Number(((string)service["stop_grace_period"]).TrimEnd('s')));
        var shared = Map(Objects.Single(o => o["kind"] is "ConfigMap")["data"]).ToDictionary(v => (string)v.Key, v => (string)v.Value, StringComparer.Ordinal);
        foreach (var described in Objects.Where(o => o["kind"] is "Deployment" or "Job"))
        {
            var variables = new Dictionary<string, string>(shared, StringComparer.Ordinal);
            foreach (var variable in Maps(Container(described)["env"]))
                variables[(string)variable["name"]] = (string)variable["value"];
            yield return ($"{Kubernetes} {Name(described)}", Variables(variables),
                Number((string)Pod(described)["terminationGracePeriodSeconds"]));
        }

        yield return (Unit, Variables(Settings("Environment").Select(e => e.Split('=', 2)).ToDictionary(e => e[0], e => e[1], StringComparer.Ordinal)), Number(Settings("TimeoutStopSec").Single()));
    }

    [Fact]
    public void Every_variable_is_a_setting_that_the_program_accepts_and_the_stop_is_longer_than_its_own() => Assert.All(Processes(), process =>
    {
        var settings = Read(process.Settings).Validated();
        Assert.True(settings.Postgres.IsConfigured, process.Where);
        Assert.Equal("secret", settings.Postgres.Password);
        Assert.True(!settings.RabbitMq.IsConfigured || settings.RabbitMq.Password == "secret", process.Where);
        Assert.True(process.Seconds > settings.ShutdownSeconds, $"{process.Where}: {process.Seconds} s to end are no longer than the {settings.ShutdownSeconds} s of the program.");
    });

    [Theory]
    [InlineData(Compose)]
    [InlineData(Kubernetes)]
    public void Each_stage_has_processes_and_the_schema_another_user_than_they(string deployment)
    {
        var settings = Processes().Where(p => p.Where.StartsWith(deployment + " ", StringComparison.Ordinal)).Select(p => (Of: p.Where.Split(' ')[1], Settings: Read(p.Settings))).ToList();
        Assert.Equal(Roles.Names.Append("migrate").Order(StringComparer.Ordinal), settings.Select(s => s.Of).Order(StringComparer.Ordinal));
        Assert.All(settings.Where(s => s.Of != "migrate"), s =>
        {
            Assert.Equal(s.Of, s.Settings.Roles);
            Assert.Equal(new PostgresSettings().Username, s.Settings.Postgres.Username);
            Assert.True(s.Settings.RabbitMq.IsConfigured);
        });
        var migrate = settings.Single(s => s.Of == "migrate").Settings;
        Assert.Equal(("ingest_owner", false), (migrate.Postgres.Username, migrate.RabbitMq.IsConfigured));
        var script = Text("deploy/postgres/roles.sql");
        Assert.Contains(@"\set owner ingest_owner ", script, StringComparison.Ordinal);
        Assert.Contains($@"\set user {new PostgresSettings().Username} ", script, StringComparison.Ordinal);
        Assert.Contains($@"\set database {new PostgresSettings().Database} ", script, StringComparison.Ordinal);
        Assert.Contains($@"\set schema {new PostgresSettings().Schema} ", script, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_comes_first_and_after_the_server()
    {
        var services = Map(Composed["services"]);
        Assert.Equal("service_healthy", Map(Map(Map(services["migrate"])["depends_on"])["postgres"])["condition"]);
        Assert.All(Roles.Names, role => Assert.Equal("service_completed_successfully", Map(Map(Map(services[role])["depends_on"])["migrate"])["condition"]));
        Assert.Equal(["migrate"], Texts(Map(services["migrate"])["command"]));
        Assert.Equal(["migrate"], Texts(Container(Objects.Single(o => o["kind"] is "Job"))["args"]));
    }

    [Fact]
    public void Versions_are_the_same_everywhere_and_ports_on_loopback()
    {
        var version = XDocument.Parse(Text("Directory.Build.props")).Descendants("Version").Single().Value;
        var services = Map(Composed["services"]);
        Assert.All(Roles.Names.Append("migrate"), role => Assert.Equal($"ingest:{version}", Map(services[role])["image"]));
        Assert.All(Objects.Where(o => o["kind"] is "Deployment" or "Job"), o => Assert.Equal($"ingest:{version}", Container(o)["image"]));
        Assert.Equal(version, Maps(Yaml($"{Kubernetes}/kustomization.yaml").Single()["images"]).Single()["newTag"]);
        Dictionary<object, object> one = Map(Map(OneMachine["services"])["rabbitmq"]), broker = Map(services["rabbitmq"]);
        Assert.All(new[] { "image", "hostname", "ports", "volumes", "healthcheck", "configs", "mem_limit", "cpus", "stop_grace_period" }, key => Assert.Equal(one[key], broker[key]));
        Assert.Equal(OneMachine["configs"], Composed["configs"]);
        var tag = ((string)Map(services["postgres"])["image"]).Split(':')[1];
        Assert.True(tag.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(tag[0]), $"{tag} is not pinned.");
        Assert.All(services.Values.Select(Map).Where(s => s.ContainsKey("ports")).SelectMany(s => Texts(s["ports"])), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Contains($"127.0.0.1:{new PostgresSettings().Port}:{new PostgresSettings().Port}", Texts(Map(services["postgres"])["ports"]));
    }

    [Fact]
    public void Nobody_is_root_or_may_more_than_he_must()
    {
        Assert.All(Map(Composed["services"]), s =>
        {
            var service = Map(s.Value);
            Assert.Contains("no-new-privileges:true", Texts(service["security_opt"]));
            Assert.All(new[] { "mem_limit", "cpus", "restart" }, limit => Assert.Contains(limit, service));
            if (s.Key is "rabbitmq")
                return;
            Assert.Equal("true", service["read_only"]);
            Assert.Equal(["ALL"], Texts(service["cap_drop"]));
        });
        Assert.All(Objects.Where(o => o["kind"] is "Deployment" or "Job"), o =>
        {
            var (pod, container) = (Map(Pod(o)["securityContext"]), Map(Container(o)["securityContext"]));
            Assert.Equal(("true", "true", "false"), (pod["runAsNonRoot"], container["readOnlyRootFilesystem"], container["allowPrivilegeEscalation"]));
            Assert.Equal(["ALL"], Texts(Map(container["capabilities"])["drop"]));
            Assert.Equal("false", Pod(o)["automountServiceAccountToken"]);
            Assert.Contains("memory", Map(Map(Container(o)["resources"])["limits"]));
        });
        Assert.All(new[] { "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "DynamicUser=yes" }, line => Assert.Contains(line, Text(Unit).Split('\n')));
    }

    [Fact]
    public void Probes_ask_the_port_for_what_the_program_answers()
    {
        Assert.All(Objects.Where(o => o["kind"] is "Deployment"), o =>
        {
            var container = Container(o);
            var port = Assert.Single(Maps(container["ports"]));
            Assert.Equal(new Uri(new ServiceSettings().Url).Port, Number((string)port["containerPort"]));
            foreach (var (probe, path) in new[] { ("startupProbe", "/health/live"), ("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready") })
                Assert.Equal(new Dictionary<object, object> { ["path"] = path, ["port"] = port["name"] }, Map(Map(container[probe])["httpGet"]));
            var labels = Map(Map(Map(Map(o["spec"])["template"])["metadata"])["labels"]);
            Assert.Equal(labels, Map(Map(Map(o["spec"])["selector"])["matchLabels"]));
            Assert.Equal(labels, Map(Map(Map(Objects.Single(b => b["kind"] is "PodDisruptionBudget" && Name(b) == Name(o))["spec"])["selector"])["matchLabels"]));
        });
        var service = Objects.Single(o => o["kind"] is "Service");
        Assert.Contains(Objects, o => o["kind"] is "Deployment" && Name(o) == "accept"
            && Map(Map(Map(Map(o["spec"])["template"])["metadata"])["labels"]).OrderBy(l => l.Key).SequenceEqual(Map(Map(service["spec"])["selector"]).OrderBy(l => l.Key)));
    }

    [Fact]
    public void Passwords_are_in_files_and_in_none_of_ours()
    {
        Assert.All(Processes().SelectMany(p => p.Settings.Keys), key => Assert.False(key.EndsWith("Password", StringComparison.OrdinalIgnoreCase), $"{key} is in the environment."));
        var declared = Map(Composed["secrets"]).ToDictionary(s => (string)s.Key, s => (string)Map(s.Value)["file"], StringComparer.Ordinal);
        Assert.All(declared.Values, file => Assert.StartsWith("secrets/", file, StringComparison.Ordinal));
        Assert.Contains("/secrets/", Text(".gitignore").Split('\n'));
        var used = Map(Composed["services"]).Values.Select(Map).Where(s => s.ContainsKey("secrets")).SelectMany(s => (List<object>)s["secrets"])
            .Select(s => s as string ?? (string)Map(s)["source"]).Distinct();
        Assert.Equal(declared.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.All(Processes(), p => Assert.All(p.Settings.Where(s => s.Key.EndsWith("PasswordFile", StringComparison.Ordinal)), s =>
            Assert.Contains(Path.GetFileName(s.Value), declared.Keys)));
        var examples = Yaml($"{Kubernetes}/secrets.example.yaml").ToDictionary(Name, s => Map(s["stringData"]), StringComparer.Ordinal);
        Assert.All(examples.Values.SelectMany(e => e.Values), value => Assert.Equal("", value));
        Assert.DoesNotContain(Objects, o => o["kind"] is "Secret");
        Assert.All(Objects.Where(o => o["kind"] is "Deployment" or "Job"), o =>
        {
            var secret = Map(Maps(Pod(o)["volumes"]).Single(v => v.ContainsKey("secret"))["secret"]);
            var at = (string)Maps(Container(o)["volumeMounts"]).Single(m => m["name"] is "passwords")["mountPath"];
            Assert.All(Maps(Container(o)["env"]).Where(e => ((string)e["name"]).EndsWith("PasswordFile", StringComparison.Ordinal)), e =>
                Assert.Contains(examples[(string)secret["secretName"]].Keys, key => $"{at}/{key}" == (string)e["value"]));
        });
        Assert.Equal("ingest-password", Settings("LoadCredential").Single().Split(':')[0]);
    }

    /// <summary>The script makes the files that are asked for, and leaves them as they are.</summary>
    [Fact]
    public void The_script_makes_every_secret_once()
    {
        using var at = new Workplace();
        at.Write("deploy/secrets", Text("deploy/secrets"));
        Assert.Equal(0, Run(at, "/bin/sh", "deploy/secrets").Exit);
        var made = Map(Composed["secrets"]).Values.Select(s => (string)Map(s)["file"]).ToDictionary(f => f, f => File.ReadAllText(at.PathTo(f)), StringComparer.Ordinal);
        Assert.Equal(made.Count, made.Values.Distinct().Count());
        Assert.All(made.Values, secret => Assert.True(secret.Length >= 48));
        Assert.Contains($"default_pass = {made["secrets/rabbitmq-password"]}\n", made["secrets/rabbitmq.conf"], StringComparison.Ordinal);
        Assert.Equal("700\n", Run(at, "/usr/bin/stat", "--format=%a", "secrets").Output);
        Assert.Equal(0, Run(at, "/bin/sh", "deploy/secrets").Exit);
        Assert.All(made, secret => Assert.Equal(secret.Value, File.ReadAllText(at.PathTo(secret.Key))));
    }

    [Fact]
    public void Systemd_takes_the_unit()
    {
        Assert.Equal("/usr/bin/dotnet /opt/ingest/ingest.dll serve", Settings("ExecStart").Single());
        if (!File.Exists("/usr/bin/systemd-analyze"))
            return;
        using var at = new Workplace();
        // Neither is installed where the tests run.
        at.Write("ingest.service", Text(Unit).Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
        var verified = Run(at, "/usr/bin/systemd-analyze", "verify", "--man=no", at.PathTo("ingest.service"));
        Assert.Equal((0, ""), (verified.Exit, verified.Errors));
        var exposed = Run(at, "/usr/bin/systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", at.PathTo("ingest.service"));
        Assert.True(exposed.Exit == 0, exposed.Output + exposed.Errors);
    }

    static (int Exit, string Output, string Errors) Run(Workplace at, string program, params string[] arguments)
    {
        using var process = at.StartProgram(program, false, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"{program} does not end.");
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>The settings with each file of a password in place, as a container finds it.</summary>
    ServiceSettings Read(Dictionary<string, string> variables)
    {
        var file = Path.Combine(secrets.FullName, "secret");
        File.WriteAllText(file, "secret\n");
        return ServiceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(variables.Select(v => KeyValuePair.Create(
            v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)(v.Key.EndsWith("PasswordFile", StringComparison.Ordinal) ? file : v.Value)))).Build());
    }

    /// <summary>What Compose fills in is empty.</summary>
    static Dictionary<string, string> Variables(Dictionary<string, string> variables) => variables.Where(v => v.Key.StartsWith("Ingest__", StringComparison.Ordinal))
        .ToDictionary(v => v.Key, v => v.Value.StartsWith("${", StringComparison.Ordinal) ? "" : v.Value, StringComparer.Ordinal);

    static IEnumerable<string> Settings(string key) => Text(Unit).Split('\n').Where(l => l.StartsWith(key + "=", StringComparison.Ordinal)).Select(l => l[(key.Length + 1)..]);

    static Dictionary<object, object> Pod(Dictionary<object, object> described) => Map(Map(Map(described["spec"])["template"])["spec"]);

    static Dictionary<object, object> Container(Dictionary<object, object> described) => Maps(Pod(described)["containers"]).Single();

    static string Name(Dictionary<object, object> described) => (string)Map(described["metadata"])["name"];

    static List<Dictionary<object, object>> Yaml(string path)
    {
        var parser = new MergingParser(new Parser(new StringReader(Text(path))));
        var deserializer = new DeserializerBuilder().Build();
        List<Dictionary<object, object>> documents = [];
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(deserializer.Deserialize<Dictionary<object, object>>(parser));
        return documents;
    }

    static string Text(string path) => File.ReadAllText(Repository.PathTo(path));

    static int Number(string number) => int.Parse(number, CultureInfo.InvariantCulture);

    static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;

    static List<Dictionary<object, object>> Maps(object node) => [.. ((List<object>)node).Cast<Dictionary<object, object>>()];

    static List<string> Texts(object node) => [.. ((List<object>)node).Cast<string>()];
}
