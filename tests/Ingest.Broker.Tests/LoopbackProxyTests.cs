using System.Net;
using System.Net.Sockets;

namespace Ingest.Broker.Tests;

public sealed class LoopbackProxyTests : IDisposable
{
    static readonly TimeSpan longEnough = TimeSpan.FromSeconds(10);
    static readonly TimeSpan aWhile = TimeSpan.FromMilliseconds(200);

    readonly TcpListener server = new(IPAddress.Loopback, 0);

    public LoopbackProxyTests() => server.Start();

    public void Dispose() => server.Dispose();

    int ServerPort => ((IPEndPoint)server.LocalEndpoint).Port;

    async Task<(Socket Client, Socket Server)> ConnectAsync(LoopbackProxy proxy)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return (client, await server.AcceptSocketAsync().WaitAsync(longEnough));
    }

    static async Task<byte> ReadAsync(Socket socket)
    {
        var buffer = new byte[1];
        Assert.Equal(1, await socket.ReceiveAsync(buffer).WaitAsync(longEnough));
        return buffer[0];
    }

    [Fact]
    public async Task Bytes_and_the_end_go_through_both_ways_and_are_counted()
    {
        await using var proxy = new LoopbackProxy(ServerPort);
        var (client, peer) = await ConnectAsync(proxy);
        await client.SendAsync(new byte[] { 1 });
        Assert.Equal(1, await ReadAsync(peer));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).WaitAsync(longEnough));
        await peer.SendAsync(new byte[] { 2 });
        Assert.Equal(2, await ReadAsync(client));
        Assert.Equal((1, 1L, 1L), (proxy.Connections, proxy.ToBroker.Received, proxy.ToClient.Received));
    }

    [Fact]
    public async Task What_is_held_one_way_waits_while_the_other_way_passes()
    {
        await using var proxy = new LoopbackProxy(ServerPort);
        var (client, peer) = await ConnectAsync(proxy);
        proxy.ToBroker.Hold();
        await client.SendAsync(new byte[] { 1 });
        await peer.SendAsync(new byte[] { 2 });
        Assert.Equal(2, await ReadAsync(client));
        await Task.Delay(aWhile);
        Assert.Equal((0, 1L, 0L), (peer.Available, proxy.ToBroker.Received, proxy.ToBroker.Passed));
        proxy.ToBroker.Pass();
        Assert.Equal(1, await ReadAsync(peer));
    }

    [Fact]
    public async Task A_sender_that_ends_takes_with_it_what_is_held()
    {
        await using var proxy = new LoopbackProxy(ServerPort);
        var (client, peer) = await ConnectAsync(proxy);
        proxy.ToBroker.Hold();
        await client.SendAsync(new byte[] { 1 });
        client.Dispose();
        await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(new byte[1]).WaitAsync(longEnough));
        Assert.Equal(0, proxy.ToBroker.Passed);
    }

    [Fact]
    public async Task A_cut_ends_all_connections_and_the_next_goes_through()
    {
        await using var proxy = new LoopbackProxy(ServerPort);
        var (first, firstPeer) = await ConnectAsync(proxy);
        var (second, secondPeer) = await ConnectAsync(proxy);
        proxy.Cut();
        foreach (var socket in new[] { first, firstPeer, second, secondPeer })
            await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1]).WaitAsync(longEnough));
        var (client, peer) = await ConnectAsync(proxy);
        await client.SendAsync(new byte[] { 1 });
        Assert.Equal(1, await ReadAsync(peer));
        Assert.Equal(3, proxy.Connections);
    }

    [Fact]
    public async Task A_proxy_that_refuses_closes_at_once()
    {
        await using var proxy = new LoopbackProxy(ServerPort) { Refuses = true };
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(longEnough));
    }
}
