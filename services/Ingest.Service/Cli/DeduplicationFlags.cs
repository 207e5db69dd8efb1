using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Ingest.Core;
using Ingest.Core.Deduplication;

namespace Ingest.Service.Cli;

/// <summary>The options that say what one story is, of every command that decides.</summary>
sealed class DeduplicationFlags
{
    static readonly DeduplicationOptions Default = new();

    readonly Option<double> window = Ranged(
        "--window", "DAYS", Default.Window.TotalDays, Days(Range<TimeSpan>(nameof(DeduplicationOptions.Window))),
        "How many days an article is remembered, and how much later than it a copy may have arrived. "
        + "A longer window finds later copies but needs more memory.");
    readonly Option<int> most = Ranged("--window-count", "N", Default.MaximumCount, Range<int>(nameof(DeduplicationOptions.MaximumCount)),
        "The most articles to remember, about 600 bytes of memory each; the oldest are forgotten first.");
    readonly Option<int> sample = Ranged("--sample", "N", Default.SampleOneIn, Range<int>(nameof(DeduplicationOptions.SampleOneIn)),
        "Remember one shingle in N; in the lead, at least one in four. A smaller N finds more short copies but costs memory and time.");
    readonly Option<double> containment = Ranged(
        "--containment", "SHARE", Default.Containment, Range<double>(nameof(DeduplicationOptions.Containment)),
        "Share of the shorter article's words that the other must have for both to be one story. "
        + "A lower share joins more distant versions, and eventually unrelated articles that quote the same passages.");
    readonly Option<double> revision = Ranged(
        "--revision-containment", "SHARE", Default.RevisionContainment, Range<double>(nameof(DeduplicationOptions.RevisionContainment)),
        "The same, for a version that its source marks as an update or a correction.");
    readonly Option<int> words = Ranged("--shingle-words", "N", Default.ShingleWords, Range<int>(nameof(DeduplicationOptions.ShingleWords)),
        "Words in a shingle. More words find fewer edited copies; fewer words take common phrases for shared text.");
    readonly Option<int> characters = Ranged(
        "--shingle-characters", "N", Default.ShingleCharacters, Range<int>(nameof(DeduplicationOptions.ShingleCharacters)),
        "Characters in a shingle, for Chinese, Japanese, Thai and other scripts without spaces.");

    /// <param name="stream">True for a command that reads a stream of articles: its window and sample can be set.</param>
    public void AddTo(Command command, bool stream)
    {
        Option[] all = stream
            ? [window, most, sample, containment, revision, words, characters]
            : [containment, revision, words, characters];
        foreach (var option in all)
            command.Add(option);
    }

    public DeduplicationOptions Read(ParseResult parsed, bool stream) => new()
    {
        Window = stream ? TimeSpan.FromDays(parsed.GetValue(window)) : Default.Window,
        MaximumCount = stream ? parsed.GetValue(most) : Default.MaximumCount,
        SampleOneIn = stream ? parsed.GetValue(sample) : Default.SampleOneIn,
        Containment = parsed.GetValue(containment),
        RevisionContainment = parsed.GetValue(revision),
        ShingleWords = parsed.GetValue(words),
        ShingleCharacters = parsed.GetValue(characters),
    };

    static OptionRange<T> Range<T>(string option) => OptionRange.Of<DeduplicationOptions, T>(option);

    /// <summary>In days, the least of them in thousandths.</summary>
    static OptionRange<double> Days(OptionRange<TimeSpan> range) =>
        new(Math.Ceiling(range.Least.TotalDays * 1000) / 1000, range.Most.TotalDays);

    static Option<T> Ranged<T>(string name, string help, T value, OptionRange<T> range, string description)
        where T : INumber<T>
    {
        var option = new Option<T>(name) { HelpName = help, Description = description, DefaultValueFactory = _ => value };
        option.CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            if (T.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given)
                && given >= range.Least && given <= range.Most)
                return given;
            var kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
            var low = range.Least.ToString(null, CultureInfo.InvariantCulture);
            var high = range.Most.ToString(null, CultureInfo.InvariantCulture);
            result.AddError($"{name} takes {kind} from {low} to {high}, not '{word}'.");
            return value;
        };
        return option;
    }
}
