using System.Diagnostics;
using System.Globalization;

namespace Ingest.Benchmarks.Load;

/// <param name="Rate">Articles a second.</param>
/// <param name="Program">Microseconds of processor time an article that the measured program took; the same of the broker, and of the ends that publish and count.</param>
sealed record Measured(double Rate, double Program, double Broker, double Ends)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"µs: program {Program:0}, broker {Broker:0}, ends {Ends:0}");
}

/// <summary>Time on the clock and on the processors, from its beginning.</summary>
sealed class Measure
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly int program;
    readonly Ingest.Broker.Tests.Broker broker;
    readonly (double Program, double Broker, double Ends) before;

    Measure(int program, Ingest.Broker.Tests.Broker broker)
    {
        (this.program, this.broker) = (program, broker);
        before = Now();
    }

    public static Measure Begin(int program, Ingest.Broker.Tests.Broker broker) => new(program, broker);

    public Measured End(int articles)
    {
        var (elapsed, now) = (clock.Elapsed.TotalSeconds, Now());
        return new Measured(articles / elapsed, (now.Program - before.Program) / articles, (now.Broker - before.Broker) / articles, (now.Ends - before.Ends) / articles);
    }

    (double Program, double Broker, double Ends) Now() => (Of(program), broker.Pids.Sum(Of), Of(Environment.ProcessId));

    static double Of(int process)
    {
        using var one = Process.GetProcessById(process);
        return one.TotalProcessorTime.TotalMicroseconds;
    }
}
