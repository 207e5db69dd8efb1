using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Ingest.Broker.Tests;

/// <summary>
/// Debian's PostgreSQL as a process of the test's own: a folder and a port that no other server has, and nothing that listens beyond loopback. It does
/// not run as root: there it is Debian's user postgres that runs it.
/// </summary>
sealed class PostgresServer : IDisposable
{
    public const string Password = "of this test alone";

    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    static readonly string? programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order().LastOrDefault()
        : null;

    readonly string[] settings;
    Leash? server;

    /// <summary>Why none can run here; null where one can. On CI it is never a reason to skip.</summary>
    public static string? Missing { get; } = programs is not null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null : "needs Debian's postgresql; ./test installs it where it may";

    /// <param name="settings">Further settings, each as <c>name=value</c>.</param>
    public PostgresServer(params string[] settings)
    {
        this.settings = settings;
        Folder = Directory.CreateTempSubdirectory("ingest-postgres-").FullName;
        try
        {
            if (IsRoot)
                Run("/bin/chown", "postgres", Folder);
            var password = Path.Combine(Folder, "password");
            File.WriteAllText(password, Password);
            if (IsRoot)
                Run("/bin/chown", "postgres", password);
            Run([.. AsUser, Path.Combine(programs!, "initdb"), "--pgdata", Data, "--username", "ingest", "--pwfile", password, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
            Start();
            using var connection = new NpgsqlConnection(Address("postgres"));
            connection.Open();
            using var command = new NpgsqlCommand("CREATE DATABASE ingest", connection);
            command.ExecuteNonQuery();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Holds the data and what the server wrote; deleted at the end.</summary>
    public string Folder { get; }

    public int Port { get; } = LoopbackPorts.Free();

    /// <summary>A connection to a database, in Npgsql's form.</summary>
    public string Address(string database = "ingest") => $"{WithoutPassword(database)};Password={Password}";

    /// <summary>The same to the database of the tests, as it stands on a command line.</summary>
    public string AddressWithoutPassword => WithoutPassword("ingest");

    /// <param name="port">Of a proxy; its own where it is null.</param>
    public string WithoutPassword(string database, int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port ?? Port};Database={database};Username=ingest");

    /// <summary>Gives a script to psql, as the superuser.</summary>
    /// <param name="variables">Each as <c>name=value</c>.</param>
    /// <exception cref="InvalidOperationException">It failed; the message has what psql wrote.</exception>
    public void RunScript(string file, params string[] variables)
    {
        List<string> command = ["/usr/bin/env", $"PGPASSFILE={Passwords()}", Path.Combine(programs!, "psql"), "--no-psqlrc", "--quiet", "--no-password",
            "--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", "ingest", "--dbname", "postgres", "--file", file];
        Run([.. command, .. variables.SelectMany(v => (string[])["--set", v])]);
    }

    /// <summary>The superuser's password as a client takes it, which no other user can read.</summary>
    string Passwords()
    {
        var file = Path.Combine(Folder, "pgpass");
        File.WriteAllText(file, $"*:*:*:ingest:{Password}");
        Run("/bin/chmod", "600", file);
        return file;
    }

    string Data => Path.Combine(Folder, "data");

    string Output => Path.Combine(Folder, "output");

    static bool IsRoot => UserId() == 0;

    static string[] AsUser => IsRoot ? ["/usr/bin/setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [];

    /// <summary>Starts the server on what is in its folder, and returns when it answers.</summary>
    public void Start()
    {
        // What a killed server has left.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        List<string> command = [.. AsUser, Path.Combine(programs!, "postgres"), "-D", Data];
        foreach (var setting in (string[])[$"port={Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200", .. settings])
            command.AddRange(["-c", setting]);
        server = new Leash($"{Folder}/server", Output, new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8", ["PATH"] = "/usr/bin:/bin" }, [.. command]);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(Address("postgres") + ";Pooling=false;Timeout=2");
                connection.Open();
                return;
            }
            catch (NpgsqlException e) when (clock.Elapsed < patience && server.Runs)
            {
                _ = e;
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>The server and its sessions. They write over their environment, and with it the mark that others are found by.</summary>
    public IReadOnlyList<int> Pids => server is null ? [] : [server.Held, .. Processes.ChildrenOf(server.Held)];

    /// <summary>SIGKILL to the server and all its processes.</summary>
    public void Kill()
    {
        Processes.Signal(Pids, Processes.Kill);
        server?.Dispose();
        server = null;
    }

    /// <summary>An orderly end that waits for nobody; the data stays.</summary>
    public void Stop()
    {
        const int Interrupt = 2;
        Processes.Signal([server!.Held], Interrupt);
        var clock = Stopwatch.StartNew();
        while (server.Runs && clock.Elapsed < patience)
            Thread.Sleep(20);
        Kill();
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    static void Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed: {output.Result}{errors.Result}");
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern uint UserId();
}
