using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ingest.Broker.Tests;

/// <summary>
/// A TCP proxy on a loopback port in front of a broker or of anything else, which can be told to hold what goes one way, and to cut.
/// While it holds it reads on, so that the sender notices nothing.
/// </summary>
sealed class LoopbackProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, LoopbackPorts.Free());
    readonly ConcurrentDictionary<Link, bool> links = new();
    readonly int target;
    readonly Task accepting;
    int connections;

    /// <param name="target">The port on 127.0.0.1 that connections go to. Nobody needs to listen there yet.</param>
    public LoopbackProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From the client to the broker: publishes, acknowledgements.</summary>
    public ProxyDirection ToBroker { get; } = new();

    /// <summary>From the broker to the client: deliveries, confirms.</summary>
    public ProxyDirection ToClient { get; } = new();

    /// <summary>How many connections there ever were.</summary>
    public int Connections => Volatile.Read(ref connections);

    public int OpenConnections => links.Count;

    /// <summary>While set, a new connection is closed at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>The same address with this proxy's port in it.</summary>
    public Uri Before(Uri address) => new UriBuilder(address) { Host = "127.0.0.1", Port = Port }.Uri;

    /// <summary>Closes all connections with a reset, and drops what was held.</summary>
    public void Cut()
    {
        foreach (var link in links.Keys)
            link.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        ToBroker.Pass();
        ToClient.Pass();
        await accepting;
        Cut();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref connections);
            _ = ServeAsync(new Link(client, new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)));
        }
    }

    async Task ServeAsync(Link link)
    {
        using (link)
        {
            links[link] = true;
            try
            {
                if (Refuses)
                    return;
                await link.Broker.ConnectAsync(IPAddress.Loopback, target);
                Task[] ways = [ToBroker.CarryAsync(link.Client, link.Broker), ToClient.CarryAsync(link.Broker, link.Client)];
                // A way that breaks breaks the other; one that ends leaves the other its last words.
                await await Task.WhenAny(ways);
                await Task.WhenAll(ways);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                link.Reset();
            }
            finally
            {
                links.TryRemove(link, out _);
            }
        }
    }

    sealed class Link(Socket client, Socket broker) : IDisposable
    {
        public Socket Client => client;

        public Socket Broker => broker;

        public void Reset()
        {
            client.Close(0);
            broker.Close(0);
        }

        public void Dispose()
        {
            client.Dispose();
            broker.Dispose();
        }
    }
}
