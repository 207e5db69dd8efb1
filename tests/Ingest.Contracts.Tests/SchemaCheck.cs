using System.Diagnostics;

namespace Ingest.Contracts.Tests;

/// <summary>JSON Schema by a validator that is not ours: <c>contracts/schemas/validate</c>, over Debian's python3-jsonschema.</summary>
static class SchemaCheck
{
    const string Python = "/usr/bin/python3";

    /// <summary>Why schemas cannot be checked here; null where they can. On CI it is never a reason to skip.</summary>
    public static string? Missing { get; } = Repository.OnCi || Imports() ? null : "needs Debian's python3-jsonschema; ./test installs it where it may";

    /// <summary>The faults that the validator names; empty for a valid file.</summary>
    public static string Faults(string schema, string file)
    {
        var (exit, output) = Run(Repository.PathTo("contracts", "schemas", "validate"), schema, file);
        return exit == 0 ? "" : output;
    }

    static bool Imports() => File.Exists(Python) && Run("-c", "import jsonschema").Exit == 0;

    static (int Exit, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}

/// <summary>A test that needs the validator, and says so where it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SchemaFactAttribute : FactAttribute
{
    public SchemaFactAttribute() => Skip = SchemaCheck.Missing;
}
