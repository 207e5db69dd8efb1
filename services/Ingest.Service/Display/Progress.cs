using System.Diagnostics;

namespace Ingest.Service.Display;

/// <summary>A line on the error stream that counts while a long run works; silent where that is no terminal.</summary>
sealed class Progress : IDisposable
{
    readonly bool shown;
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan last;
    int done;

    Progress(bool shown) => this.shown = shown;

    public static Progress Start(bool wanted) => new(wanted && !Console.IsErrorRedirected);

    public void Add(int articles)
    {
        done += articles;
        Show(() => $"{done} articles, {done / Math.Max(0.001, clock.Elapsed.TotalSeconds):0} a second ");
    }

    /// <summary>Says what is being done.</summary>
    public void Say(string work) => Show(() => $"{work} …\e[K");

    void Show(Func<string> words)
    {
        if (!shown || clock.Elapsed - last < TimeSpan.FromMilliseconds(200))
            return;
        last = clock.Elapsed;
        Console.Error.Write("\r" + words());
    }

    public void Dispose()
    {
        if (shown && last > TimeSpan.Zero)
            Console.Error.Write("\r\e[K");
        last = TimeSpan.Zero;
    }
}
