using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ingest.Service.Operations;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Ingest.Service.Http;

/// <summary>
/// How many connections may be open at once. A process that may open no more files cannot open its ledger either, and .NET ends it when it
/// cannot load an assembly; so some are always left. A connection beyond the limit is told so and closed.
/// </summary>
sealed class ConnectionLimit
{
    /// <summary>
    /// Descriptors kept beside those that are open at the start, which are some 240, mostly assemblies: for more of these, for the
    /// broker, and three for each thread that reads the ledger.
    /// </summary>
    public const int Reserve = 64;

    /// <summary>So many are served however few files may be open.</summary>
    public const int Fewest = 8;

    /// <summary>
    /// Connections beyond the limit that may ask for the health and nothing else, of those kept: whoever watches the process must not take
    /// a full one for a dead one.
    /// </summary>
    const int ForHealth = 4;

    static readonly TimeSpan HealthAskedWithin = TimeSpan.FromSeconds(5);

    /// <summary>With fewer descriptors .NET ends the process sooner or later.</summary>
    const int LeastDescriptors = 300;

    /// <summary>Under which the program's health names it.</summary>
    const string Warning = "connections";

    static readonly TimeSpan SaidFor = TimeSpan.FromSeconds(10);

    /// <summary>The place of a connection's <see cref="Use"/> among its items.</summary>
    static readonly object Place = new();

    readonly Health health;
    readonly Closing closing;
    readonly ITimer quiet;
    readonly byte[] refusal;
    int open;

    public ConnectionLimit(int wanted, Health health, Closing closing, TimeProvider time)
    {
        (this.health, this.closing) = (health, closing);
        var now = OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : 0;
        Most = Within(wanted, Descriptors(), now);
        quiet = time.CreateTimer(
            _ => health.Warn(Warning, null), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var fault = Faults.TooManyConnections();
        var body = JsonSerializer.SerializeToUtf8Bytes(fault.Problem, HttpJson.Default.Problem);
        refusal =
        [
            .. Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {fault.Status} Service Unavailable\r\nContent-Type: application/problem+json\r\n"
                + $"Content-Length: {body.Length}\r\nRetry-After: {fault.RetryAfter}\r\nConnection: close\r\n\r\n")),
            .. body,
        ];
    }

    public int Most { get; }

    /// <param name="descriptors">That the process may have open.</param>
    /// <param name="open">That it has open already.</param>
    public static int Within(int wanted, int descriptors, int open) =>
        Math.Min(wanted, Math.Max(descriptors - open - Reserve, Fewest));

    /// <exception cref="IOException">The process may open too few files to run.</exception>
    public static void CheckDescriptors()
    {
        if (Descriptors() is < LeastDescriptors and var most)
            throw new IOException(
                $"This process may open {most} files at once, and the service needs at least {LeastDescriptors}. "
                + "Raise the limit (ulimit -n).");
    }

    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        try
        {
            var number = Interlocked.Increment(ref open);
            if (number > Most)
            {
                health.Warn(
                    Warning, $"{Most} connections are open, which is the limit (Ingest:MaxConnections, and the files that the process may open). Others are refused.");
                quiet.Change(SaidFor, Timeout.InfiniteTimeSpan);
            }

            if (number <= Most + ForHealth)
            {
                // The server would wait for a head that has begun until it may wait no longer.
                var use = new Use { IsForHealth = number > Most };
                connection.Items[Place] = use;
                using var hurry = use.IsForHealth ? new CancellationTokenSource(HealthAskedWithin) : null;
                await using var late = (hurry?.Token ?? CancellationToken.None).UnsafeRegister(_ => connection.Abort(), null);
                await using var _ = closing.Token.UnsafeRegister(
                    _ =>
                    {
                        if (!use.IsServed)
                            connection.Abort();
                    },
                    null);
                await next(connection);
                return;
            }

            connection.Transport.Output.Write(refusal);
            await connection.Transport.Output.FlushAsync();
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    };

    /// <summary>Marks that a request is being served, so that its connection outlives the beginning of a stop.</summary>
    public static async Task Serve(HttpContext context, RequestDelegate next)
    {
        var use = context.Features.Get<IConnectionItemsFeature>()?.Items[Place] as Use ?? new Use();
        if (use.IsForHealth && !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            context.Response.Headers.Connection = "close";
            await Faults.TooManyConnections().Write(context);
            return;
        }

        use.IsServed = true;
        await next(context);
        use.IsServed = false;
    }

    /// <summary>Whether a request on a connection is being served.</summary>
    sealed class Use
    {
        volatile bool isServed;

        /// <summary>It came beyond the limit.</summary>
        public bool IsForHealth { get; init; }

        public bool IsServed
        {
            get => isServed;
            set => isServed = value;
        }
    }

    /// <summary>The soft limit (RLIMIT_NOFILE), which .NET raises to the hard one when it starts.</summary>
    static int Descriptors()
    {
        if (!OperatingSystem.IsLinux())
            return int.MaxValue;
        const string Name = "Max open files";
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) ?? "";
        var soft = line[Math.Min(line.Length, Name.Length)..].Trim().Split(' ')[0];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var most) ? most : int.MaxValue;
    }
}
