using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Ingest.Contracts.Tests;
using Ingest.Service.Broker;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Ingest.Service.Serve;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Serialization;
using LoopbackPorts = Ingest.Broker.Tests.LoopbackPorts;

namespace Ingest.EndToEnd.Tests;

/// <summary>
/// <c>docker-compose.yml</c> and <c>Dockerfile</c> against what the code reads, opens and writes. There is no Docker engine where the tests run: what can be run without one
/// is run, the rest is compared.
/// </summary>
public sealed class DeploymentTests : IDisposable
{
    const string Service = "services/Ingest.Service/Ingest.Service.csproj";

    static readonly Dictionary<object, object> Compose = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(Text("docker-compose.yml"));
    static readonly Dictionary<object, object> Broker = Map(Services["rabbitmq"]), Ingest = Map(Services["ingest"]);
    static readonly List<Instruction> Dockerfile = Instructions();
    static readonly Dictionary<string, string> Example = Text(".env.example").Split('\n')
        .Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

    readonly Workplace at = new();

    static Dictionary<object, object> Services => Map(Compose["services"]);

    public void Dispose() => at.Dispose();

    [Fact]
    public void Every_setting_is_one_that_the_program_knows_and_accepts()
    {
        var settings = Settings(Example.ToDictionary(e => e.Key, e => e.Key == "RABBITMQ_PASSWORD" ? "one of our own" : e.Value, StringComparer.Ordinal)).Validated();
        Assert.Equal(("rabbitmq", "ingest", "one of our own"), (settings.RabbitMq.Host, settings.RabbitMq.Username, settings.RabbitMq.Password));
        Assert.Equal((string)Broker["hostname"], settings.RabbitMq.Host);
        Assert.Equal(settings.RabbitMq.Username, Filled((string)Map(Broker["environment"])["RABBITMQ_DEFAULT_USER"], Example));
        Assert.False(new ApiKeys(settings.Security.ApiKeys).AreAsked);
        Assert.True(Seconds((string)Ingest["stop_grace_period"]) > settings.ShutdownSeconds);
    }

    [Fact]
    public void The_ports_are_those_of_the_program_and_are_published_on_loopback_only()
    {
        var url = new Uri(Settings(Example).Url);
        Assert.Equal("0.0.0.0", url.Host);
        Assert.Equal(new Uri(new ServiceSettings().Url).Port, url.Port);
        Assert.Equal([$"127.0.0.1:{url.Port}:{url.Port}"], List(Ingest["ports"]));
        Assert.Equal(url.Port.ToString(CultureInfo.InvariantCulture), Only("EXPOSE"));
        Assert.Equal(new BrokerSettings().EffectivePort, Settings(Example).RabbitMq.EffectivePort);
        Assert.Contains($"127.0.0.1:{new BrokerSettings().EffectivePort}:{new BrokerSettings().EffectivePort}", List(Broker["ports"]));
        Assert.All(Services.Values.SelectMany(s => List(Map(s)["ports"])), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Images_are_pinned()
    {
        var images = Services.Values.Select(s => (string)Map(s)["image"]).Concat(Dockerfile.Where(i => i.Word == "FROM").Select(i => i.Arguments.Split(' ')[0]));
        Assert.All(images, image =>
        {
            var tag = image[(image.LastIndexOf(':') + 1)..];
            Assert.True(image.Contains(':', StringComparison.Ordinal) && tag.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(tag[0]), $"{image} is not pinned.");
        });
        var props = XDocument.Parse(Text("Directory.Build.props"));
        Assert.Equal($"ingest:{props.Descendants("Version").Single().Value}", Ingest["image"]);
        var framework = props.Descendants("TargetFramework").Single().Value["net".Length..];
        Assert.All(Dockerfile.Where(i => i.Word == "FROM"), from => Assert.Contains($":{framework}-", from.Arguments, StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_is_not_root_and_changes_nothing_but_its_volume()
    {
        var last = Dockerfile.FindLastIndex(i => i.Word == "FROM");
        Assert.Contains(Dockerfile.Skip(last), i => i.Word == "USER" && i.Arguments is "$APP_UID");
        Assert.Single(Dockerfile, i => i.Word == "USER");
        Assert.Equal("true", Ingest["read_only"]);
        Assert.Equal(["ALL"], List(Ingest["cap_drop"]));
        Assert.All(Services.Values, service =>
        {
            Assert.Contains("no-new-privileges:true", List(Map(service)["security_opt"]));
            Assert.All(new[] { "mem_limit", "cpus", "restart" }, limit => Assert.Contains(limit, Map(service)));
        });
    }

    [Fact]
    public void The_ledger_is_in_the_named_volume_whose_folder_is_the_users()
    {
        var folder = Path.GetDirectoryName(Settings(Example).Ledger)!;
        var mount = Assert.Single(List(Ingest["volumes"])).Split(':');
        Assert.Equal(folder, mount[1]);
        Assert.All(Services.Values.SelectMany(s => List(Map(s)["volumes"])), volume => Assert.Contains(volume.Split(':')[0], Map(Compose["volumes"])));
        Assert.Equal(folder, Only("VOLUME"));
        Assert.Contains(Dockerfile, i => i.Word == "RUN" && i.Arguments.Contains($"chown $APP_UID:$APP_UID {folder}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_is_built_from_files_that_are_there_and_are_not_ignored()
    {
        var copied = Dockerfile.Where(i => i.Word == "COPY" && !i.Arguments.StartsWith("--from=", StringComparison.Ordinal)).SelectMany(i => i.Arguments.Split(' ')[..^1]).ToList();
        var needed = Projects(Service).SelectMany(p => new[] { p, Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json") }).Concat(["Directory.Build.props", "Directory.Packages.props", ".editorconfig"]).ToList();
        var let = Text(".dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]).ToList();
        Assert.Contains("*", Text(".dockerignore").Split('\n'));
        Assert.All(copied, source =>
        {
            Assert.True(Path.Exists(Repository.PathTo(source)), $"There is no {source}.");
            Assert.True(let.Exists(l => Within(source, l)), $"{source} is ignored.");
        });
        Assert.All(needed, file => Assert.Contains(copied, c => c == file));
        Assert.All(Projects(Service), project => Assert.Contains(copied, c => c != project && Within(project, c)));
    }

    [Fact]
    public void The_image_publishes_and_starts_the_service()
    {
        Assert.Contains(Dockerfile, i => i.Word == "RUN" && i.Arguments.StartsWith($"dotnet publish {Service} ", StringComparison.Ordinal) && i.Arguments.EndsWith(" -o /app", StringComparison.Ordinal));
        var assembly = XDocument.Parse(Text(Service)).Descendants("AssemblyName").Single().Value;
        Assert.Equal($"""["dotnet", "/app/{assembly}.dll"]""", Only("ENTRYPOINT"));
        Assert.Equal("""["serve"]""", Only("CMD"));
    }

    [Fact]
    public void The_example_has_every_variable_that_is_asked_for_and_no_other()
    {
        var asked = Text("docker-compose.yml").Split("${").Skip(1).Select(v => v[..v.IndexOfAny([':', '}'])]).Distinct(StringComparer.Ordinal);
        Assert.Equal(Example.Keys.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
        // Without a file .env, or with an empty password, nothing starts.
        Assert.DoesNotContain("${RABBITMQ_PASSWORD}", Text("docker-compose.yml"), StringComparison.Ordinal);
        Assert.Equal(Text("docker-compose.yml").Split("${RABBITMQ_PASSWORD").Length, Text("docker-compose.yml").Split("${RABBITMQ_PASSWORD:?").Length);
        Assert.Contains(".env", Text(".gitignore").Split('\n'));
    }

    [Fact]
    public void The_example_s_password_is_refused()
    {
        Assert.Equal(BrokerSettings.ExamplePassword, Example["RABBITMQ_PASSWORD"]);
        Assert.Contains("Ingest:RabbitMq:Password", Assert.Throws<SettingsException>(Settings(Example).Validated).Message, StringComparison.Ordinal);

        at.Environment["Ingest__RabbitMq__Host"] = "127.0.0.1";
        at.Environment["Ingest__RabbitMq__Password"] = Example["RABBITMQ_PASSWORD"];
        var refused = at.Run("serve");
        Assert.Equal(2, refused.Exit);
        Assert.Contains("choose a password of your own", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(at.PathTo("ingest.db")));
    }

    [Fact]
    public void The_broker_comes_first_with_its_dashboard_and_its_figures()
    {
        Assert.Equal("service_healthy", Map(Map(Ingest["depends_on"])["rabbitmq"])["condition"]);
        Assert.Contains("test", Map(Broker["healthcheck"]));
        var mounted = Map(Assert.Single((List<object>)Broker["configs"]));
        Assert.Equal("/etc/rabbitmq/enabled_plugins", mounted["target"]);
        Assert.Equal("[rabbitmq_management, rabbitmq_prometheus].", Map(Map(Compose["configs"])[mounted["source"]])["content"]);
    }

    [Fact]
    public void The_image_s_own_check_tells_ready_from_not_ready()
    {
        var written = Only("HEALTHCHECK");
        var command = JsonSerializer.Deserialize<string[]>(written[(written.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        var port = new Uri(Settings(Example).Url).Port;
        Assert.Contains($"/127.0.0.1/{port} ", command[2], StringComparison.Ordinal);

        using var ready = Serving.Start(at);
        using var unready = Serving.StartUnready(at, "--ledger", "other.db", "--rabbitmq", $"amqp://127.0.0.1:{LoopbackPorts.Free()}/");
        Assert.Equal(0, Check(ready.Url));
        for (var tries = 0; !unready.Log.Contains("Ingest listens on", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 600, unready.Log);
            Thread.Sleep(50);
        }

        Assert.NotEqual(0, Check(unready.Url));
        ready.Stop();
        Assert.NotEqual(0, Check(ready.Url));

        int Check(string url)
        {
            using var check = at.StartProgram(command[0], false, command[1], command[2].Replace($"/{port} ", $"/{new Uri(url).Port} ", StringComparison.Ordinal));
            Assert.True(check.WaitForExit(TimeSpan.FromSeconds(10)), "The check does not end.");
            return check.ExitCode;
        }
    }

    /// <summary>The settings that the program finds in the container.</summary>
    static ServiceSettings Settings(Dictionary<string, string> variables)
    {
        var image = Only("ENV", last: true).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        // Taken away, or it would speak against Ingest__Url.
        Assert.Equal("", image["ASPNETCORE_HTTP_PORTS"]);
        foreach (var (name, value) in Map(Ingest["environment"]))
            image[(string)name] = Filled((string)value, variables);
        return ServiceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
            image.Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value))).Build());
    }

    static string Filled(string value, Dictionary<string, string> variables) =>
        value.StartsWith("${", StringComparison.Ordinal) ? variables[value[2..value.IndexOf(':', StringComparison.Ordinal)]] : value;

    static int Seconds(string time) => int.Parse(time.TrimEnd('s'), CultureInfo.InvariantCulture);

    static bool Within(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    static IEnumerable<string> Projects(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return XDocument.Parse(Text(project)).Descendants("ProjectReference")
            .SelectMany(r => Projects(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.PathTo(folder, r.Attribute("Include")!.Value)))))
            .Append(project).Distinct();
    }

    static string Only(string word, bool last = false) => (last ? Dockerfile.Last(i => i.Word == word) : Assert.Single(Dockerfile, i => i.Word == word)).Arguments;

    static List<Instruction> Instructions() =>
    [
        .. Text("Dockerfile").Split('\n').Where(l => !l.StartsWith('#')).Aggregate("", (all, line) => line.EndsWith('\\') ? all + line[..^1] : all + line + "\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', 2)).Select(l => new Instruction(l[0], l[1].Trim())),
    ];

    static string Text(string path) => File.ReadAllText(Repository.PathTo(path));

    static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;

    static List<string> List(object node) => [.. ((List<object>)node).Cast<string>()];

    sealed record Instruction(string Word, string Arguments);
}
