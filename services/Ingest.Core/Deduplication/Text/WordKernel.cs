namespace Ingest.Core.Deduplication.Text;

/// <summary>
/// One of the ways to split a text into words. All give the same words; they differ in speed. The widest that the machine has is taken,
/// unless the environment variable <c>INGEST_KERNEL</c> names another.
/// </summary>
/// <param name="Name">As <c>INGEST_KERNEL</c> has it.</param>
/// <param name="IsSupported">True where this machine can run it.</param>
/// <param name="Read">Adds the words of a text to a sequence.</param>
internal sealed record WordKernel(string Name, bool IsSupported, Action<ReadOnlySpan<char>, WordSequence> Read)
{
    public const string Variable = "INGEST_KERNEL";

    static WordKernel? chosen;

    /// <summary>From the narrowest to the widest; the first is the reference.</summary>
    public static IReadOnlyList<WordKernel> All { get; } =
    [
        new("scalar", true, WordReader.Read),
        new("vector128", UnitBlock128.IsSupported, BlockReader<UnitBlock128>.Read),
        new("vector256", UnitBlock256.IsSupported, BlockReader<UnitBlock256>.Read),
        new("vector512", UnitBlock512.IsSupported, BlockReader<UnitBlock512>.Read),
    ];

    public static IEnumerable<WordKernel> Supported => All.Where(k => k.IsSupported);

    /// <summary>
    /// The kernel of this process. Not a static initialiser, which would bury the message about a wrong name in another exception.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <c>INGEST_KERNEL</c> names a kernel that is unknown or that this machine cannot run.
    /// </exception>
    public static WordKernel Chosen => chosen ??= Choose(Environment.GetEnvironmentVariable(Variable), All);

    /// <param name="name">The kernel's name, or null or empty for the widest that the machine has.</param>
    /// <param name="kernels">From the narrowest to the widest.</param>
    /// <exception cref="InvalidOperationException">
    /// The name is unknown, or this machine cannot run the kernel; the message names those that it can.
    /// </exception>
    public static WordKernel Choose(string? name, IReadOnlyList<WordKernel> kernels)
    {
        var supported = kernels.Where(k => k.IsSupported);
        if (string.IsNullOrEmpty(name))
            return supported.Last();
        var kernel = kernels.FirstOrDefault(k => k.Name == name);
        if (kernel is { IsSupported: true })
            return kernel;
        var fault = kernel is null ? "There is no such kernel" : "This machine cannot run it";
        throw new InvalidOperationException(
            $"{Variable} is '{name}'. {fault}: use {string.Join(", ", supported.Select(k => k.Name))}, or leave it unset for the fastest.");
    }
}
