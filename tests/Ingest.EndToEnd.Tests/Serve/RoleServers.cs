namespace Ingest.EndToEnd.Tests.Serve;

/// <summary>The stages in one process or several, on one ledger.</summary>
sealed class RoleServers : IDisposable
{
    readonly List<Serving> servers = [];

    /// <param name="roles">Those of each process, with a bar between; one process with all of them for "".</param>
    /// <param name="options">Of each process.</param>
    public RoleServers(Workplace at, string roles, params string[] options)
    {
        try
        {
            foreach (var names in roles.Split('|'))
                servers.Add(Serving.Start(at, [.. names.Length > 0 ? (string[])["--roles", names] : [], .. options]));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The one that accepts.</summary>
    public Serving First => servers[0];

    public Serving Last => servers[^1];

    public IReadOnlyList<Serving> All => servers;

    public void Stop()
    {
        foreach (var server in servers)
            Assert.Equal(0, server.Stop());
    }

    public void Dispose()
    {
        foreach (var server in servers)
            server.Dispose();
    }
}
