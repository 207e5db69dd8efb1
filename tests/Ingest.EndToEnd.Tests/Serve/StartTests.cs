using System.Net;
using System.Net.Sockets;
using Ingest.Service.Serve;
using Microsoft.Extensions.Configuration;

namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>What keeps the service from starting is said in a line that names it, without secrets and without a trace of calls.</summary>
public sealed class StartTests : IDisposable
{
    readonly Workplace at = new();

    public void Dispose() => at.Dispose();

    string Refused(int exit, params string[] options)
    {
        var ended = at.Run(["serve", .. options]);
        Assert.True(ended.Exit == exit, $"{ended.Exit}: {ended.Errors}");
        Assert.Equal("", ended.Output);
        Assert.StartsWith("ingest: ", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        return Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("Ingest__RabitMq__Host", "x", "Ingest:RabitMq. Did you mean 'RabbitMq'?")]
    [InlineData("Ingest__RabbitMq__Hots", "x", "Ingest:RabbitMq:Hots. Did you mean 'Host'?")]
    [InlineData("Ingest__Acept__MostUnfinished", "1", "Did you mean 'Accept'?")]
    [InlineData("Ingest__Accept__MostUnfinished", "many", "Ingest:Accept:MostUnfinished is 'many': it must be a whole number")]
    [InlineData("Ingest__Accept__MostUnfinished", "0", "Ingest:Accept:MostUnfinished is 0: it must be between 1 and ")]
    [InlineData("Ingest__Accept__MostUnfinished", "99999999999", "Ingest:Accept:MostUnfinished is 99999999999: it must be between 1 and ")]
    [InlineData("Ingest__Accept__MaxArticleBytes", "9223372036854775807", "Ingest:Accept:MaxArticleBytes is 9223372036854775807: it must be between 1024 and ")]
    [InlineData("Ingest__MaxConnections", "99999999999", "Ingest:MaxConnections is '99999999999': it must be a whole number")]
    [InlineData("Ingest__Security__AllowedHosts", "http://ingest.example", "Ingest:Security:AllowedHosts has 'http://ingest.example'")]
    [InlineData("Ingest__RabbitMq__PasswordFile", "/no/such/file", "Ingest:RabbitMq:PasswordFile is '/no/such/file': there is no such file")]
    [InlineData("Ingest__RabbitMq__PasswordFile", "hush-hush", "Ingest:RabbitMq:PasswordFile is '…'")]
    [InlineData("Ingest__RabbitMq__Host", "amqp://name:hush-hush@host", "Ingest:RabbitMq:Host is 'amqp://name:…@host': it must be a host's name")]
    [InlineData("Ingest__RabbitMq", "amqp://name:hush-hush@host", "Ingest:RabbitMq is 'amqp://name:…@host'")]
    [InlineData("Ingest__Url", "amqp://name:hush-hush@host", "Ingest:Url is 'amqp://name:…@host'")]
    [InlineData("Ingest__Roles", "amqp://name:hush-hush@host", "not 'amqp://name:…@host'")]
    [InlineData("Ingest__Security__AllowedHosts", "http://name:hush-hush@host", "has 'http://name:…@host'")]
    [InlineData("Ingest__Accept__MaxArticleBytes", "1", "Ingest:Accept:MaxArticleBytes is 1: it must be between 1024 and ")]
    [InlineData("Ingest__Accept", "5", "Ingest:Accept is '5'")]
    [InlineData("Ingest__Url__Port", "5", "Ingest:Url takes one value: there is no setting Ingest:Url:Port")]
    [InlineData("Ingest__Url", "nonsense", "Ingest:Url is 'nonsense'")]
    [InlineData("Ingest__Url", "https://127.0.0.1:8080", "Ingest:Url is 'https://127.0.0.1:8080'")]
    [InlineData("Ingest__Url", "http://256.1.1.1:8080", "256.1.1.1")]
    [InlineData("Ingest__Url", "http://localhots:8080", "localhots")]
    [InlineData("Ingest__Roles", "acept", "Did you mean 'accept'?")]
    [InlineData("Ingest__ShutdownSeconds", "0", "Ingest:ShutdownSeconds is 0")]
    [InlineData("Ingest__Deduplicate__Containment", "2", "Ingest:Deduplicate:")]
    [InlineData("Ingest__Deduplicate__Window", "long", "Ingest:Deduplicate:Window is 'long'")]
    [InlineData("Ingest__Normalise__TimeBudgetMs", "-1", "Ingest:Normalise:TimeBudgetMs is -1")]
    [InlineData("Ingest__RabbitMq__Tls", "maybe", "Ingest:RabbitMq:Tls is 'maybe': it must be true or false")]
    [InlineData("Ingest__RabbitMq__Events", "xml", "Ingest:RabbitMq:Events is 'xml': it must be Envelope or Plain")]
    [InlineData("Ingest__RabbitMq__TlsAuthority", "/no/such/file", "/no/such/file")]
    [InlineData("Ingest__Security__ApiKeys", "hush-hush", "Ingest:Security:ApiKeys")]
    [InlineData("Ingest__Security__ProtectReading", "maybe", "Ingest:Security:ProtectReading")]
    public void A_wrong_setting_is_named(string name, string value, string word)
    {
        at.Environment[name] = value;
        at.Environment["Ingest__RabbitMq__Password"] = "hush-hush";
        var said = Refused(2);
        Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
        Assert.False(File.Exists(at.PathTo("ingest.db")));
    }

    [Theory]
    [InlineData("--roles", "acept", "--roles takes accept, normalise, deduplicate, publish")]
    [InlineData("--rabbitmq", "amqp://name:hush-hush@host:port", "--rabbitmq takes an address")]
    [InlineData("--rabbitmq", "http://name:hush-hush@host", "--rabbitmq takes an address")]
    public void A_wrong_option_is_named(string option, string value, string word)
    {
        var said = Refused(2, option, value);
        Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_on_the_command_line_is_warned_about_and_one_from_a_file_is_used()
    {
        // A ledger that cannot be opened ends it after the warning.
        Directory.CreateDirectory(at.PathTo("folder"));
        string Said(string address) => at.Run("serve", "--ledger", "folder", "--rabbitmq", address).Errors;
        Assert.Contains("the address after --rabbitmq holds a password", Said("amqp://name:hush-hush@127.0.0.1:9"), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", Said("amqp://name:hush-hush@127.0.0.1:9"), StringComparison.Ordinal);
        Assert.DoesNotContain("password", Said("amqp://name@127.0.0.1:9"), StringComparison.Ordinal);

        at.Write("secret", "hush-hush\n");
        var settings = ServiceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("Ingest:RabbitMq:PasswordFile", (string?)at.PathTo("secret"))]).Build());
        Assert.Equal("hush-hush", settings.RabbitMq.Password);
        at.Environment["Ingest__RabbitMq__PasswordFile"] = at.PathTo(at.Write("empty", "\n"));
        Assert.Contains("it must hold a password", Refused(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_settings_file_that_is_no_json_is_named()
    {
        at.Write("appsettings.json", "{ \"Ingest\": { \"RabbitMq\": { \"Password\": \"hush-hush\", }");
        var said = Refused(2);
        Assert.Contains("appsettings.json", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_counts_and_the_environment_wins_over_it()
    {
        at.Write("appsettings.json", """{ "Ingest": { "Accept": { "MostUnfinished": 5 }, "Ledger": "other.db" } }""");
        at.Environment["Ingest__Accept__MostUnfinished"] = "1";
        using var server = Serving.Start(at, "--roles", "accept");
        Assert.Equal(202, (await server.Article("1", "text")).Status);
        Assert.Equal(429, (await server.Article("2", "text")).Status);
        Assert.True(File.Exists(at.PathTo("other.db")));
    }

    [Fact]
    public void A_port_in_use_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var ended = at.Run("serve", "--url", $"http://{address}");
        Assert.Equal(1, ended.Exit);
        Assert.Contains("ingest: ", ended.Errors, StringComparison.Ordinal);
        Assert.Contains($"{address}: address already in use", ended.Errors.Split("ingest: ")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_that_is_a_folder()
    {
        Directory.CreateDirectory(at.PathTo("folder"));
        Assert.Contains("folder", Refused(1, "--ledger", "folder"), StringComparison.Ordinal);
        Assert.Contains("it is a folder", Refused(1, "--ledger", "folder"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_in_a_missing_folder()
    {
        Assert.Contains("nowhere/ingest.db cannot be opened: its folder does not exist", Refused(1, "--ledger", "nowhere/ingest.db"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(at.PathTo("nowhere")));
    }

    [Theory]
    [InlineData("text that is no database, and long enough to be looked at as one by whoever opens it; a hundred bytes are a header")]
    [InlineData("short")]
    public void A_ledger_that_is_none_stays_as_it_is(string content)
    {
        at.Write("notes.txt", content);
        Assert.Contains("notes.txt is not an Ingest ledger", Refused(1, "--ledger", "notes.txt"), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(at.PathTo("notes.txt")));
    }

    [Fact]
    public void A_database_of_another_program_stays_as_it_is()
    {
        using (File.Create(at.PathTo("other.db")))
        {
        }

        Book.Execute(at.PathTo("other.db"), "CREATE TABLE addresses (name TEXT)");
        var before = File.ReadAllBytes(at.PathTo("other.db"));
        Assert.Contains("other.db is a SQLite file, but is not an Ingest ledger", Refused(1, "--ledger", "other.db"), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(at.PathTo("other.db")));
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_stays_as_it_is()
    {
        using (var server = Serving.Start(at))
        {
            await server.Decided("1", Workplace.Article("Bree"));
            Assert.Equal(0, server.Stop());
        }

        long schema;
        using (var connection = Book.Open(at.PathTo("ingest.db")))
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA user_version";
            schema = (long)command.ExecuteScalar()!;
        }

        Book.Execute(at.PathTo("ingest.db"), "PRAGMA user_version = 99");
        var before = File.ReadAllBytes(at.PathTo("ingest.db"));
        var said = Refused(1);
        Assert.Contains("schema 99", said, StringComparison.Ordinal);
        Assert.Contains("newer version of Ingest", said, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(at.PathTo("ingest.db")));
        Book.Execute(at.PathTo("ingest.db"), $"PRAGMA user_version = {schema}");
        using var again = Serving.Start(at);
        await again.Events(1);
    }
}
