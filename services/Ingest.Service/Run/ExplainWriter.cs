using System.Globalization;
using Ingest.Core.Articles;
using Ingest.Service.Display;
using Ingest.Service.Outcomes;
using Story = Ingest.Contracts.V1.Story;

namespace Ingest.Service.Run;

/// <summary>Each raw block with its kind, whether it was kept and the rule that decided, in the order of the text.</summary>
sealed class ExplainWriter(TextWriter output, bool colour) : IOutcomeWriter
{
    const string Green = "\e[32m", Cyan = "\e[36m", Red = "\e[31m", Dim = "\e[2m", Reset = "\e[0m";

    public void Write(Outcome outcome)
    {
        var rejected = outcome.Result.Rejection is { } rejection
            ? $"rejected, {Advice.Detail(rejection, Audience.CommandLine)}"
            : Standing(outcome.Story!);
        output.WriteLine(Terminal.Plain($"{outcome.Id}: {rejected}"));
        foreach (var note in outcome.Result.Notes)
            output.WriteLine(Terminal.Plain($"  note: {note}"));
        foreach (var block in outcome.Result.Blocks)
        {
            var (sign, shade) = block.Kind.IsBody() ? ("+", Green) : block.Kind.IsField() ? ("=", Cyan) : ("-", Red);
            var doubt = block.Uncertain ? " (uncertain)" : "";
            var evidence = block.Evidence is null ? "" : $" [{Terminal.Plain(block.Evidence)}]";
            if (OutcomeMapper.ToContract(block.Repeated, outcome.Id) is { } repeated)
                evidence += Terminal.Plain($" [in {Told(repeated.Articles)} of its source: {string.Join(", ", repeated.Ids)}]");
            output.WriteLine($"{Shade(shade)}{sign} {block.Kind.Name(),-16}{Shade(Reset)} {Shade(Dim)}{block.Rule}{doubt}{evidence}{Shade(Reset)}");
            output.WriteLine($"    {Shade(shade)}{Terminal.Plain(block.Text)}{Shade(Reset)}");
        }

        output.WriteLine();
    }

    static string Told(int articles) => articles switch
    {
        1 => "another article",
        Repeated.MostCounted => $"{articles} or more other articles",
        _ => $"{articles} other articles",
    };

    public void Finish() => output.Flush();

    static string Standing(Story place) => place.Relation is null
        ? $"canonical of story {place.Id}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"duplicate in story {place.Id}, {place.Relation} of {place.Matched}: resemblance {place.Resemblance:f2}, containment {place.Containment:f2}");

    string Shade(string code) => colour ? code : "";
}
