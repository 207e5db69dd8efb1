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

    readonly Option<double> window = Ranged("--window", "DAYS", Default.Window.TotalDays, Days(Range<TimeSpan>(nameof(DeduplicationOptions.Window))),
        "Days that an article is remembered after its arrival. Longer finds later copies and needs memory for more articles.");
    readonly Option<int> most = Ranged("--window-count", "N", Default.MaximumCount, Range<int>(nameof(DeduplicationOptions.MaximumCount)),
        "Articles remembered at most, about 600 bytes of memory each; the oldest are forgotten first.");
    readonly Option<int> sample = Ranged("--sample", "N", Default.SampleOneIn, Range<int>(nameof(DeduplicationOptions.SampleOneIn)),
        "One shingle in N is remembered, of the lead at least one in four. A smaller N finds more of the short copies and costs memory and time.");
    readonly Option<double> containment = Ranged("--containment", "SHARE", Default.Containment, Range<double>(nameof(DeduplicationOptions.Containment)),
        "Share of the shorter article's words that the other must have to be one story. Less joins more distant versions, and in time strangers that quote the same passages.");
    readonly Option<double> revision = Ranged("--revision-containment", "SHARE", Default.RevisionContainment, Range<double>(nameof(DeduplicationOptions.RevisionContainment)),
        "The same for a version that its source marks as an update or a correction.");
    readonly Option<int> words = Ranged("--shingle-words", "N", Default.ShingleWords, Range<int>(nameof(DeduplicationOptions.ShingleWords)),
        "Words in a shingle. More finds fewer edited copies, fewer takes common phrases for shared text.");
    readonly Option<int> characters = Ranged("--shingle-characters", "N", Default.ShingleCharacters, Range<int>(nameof(DeduplicationOptions.ShingleCharacters)),
        "Characters in a shingle, for Chinese, Japanese, Thai and other scripts without blanks.");

    /// <param name="stream">True for a command that reads a stream of articles: its window and sample can be set.</param>
    public void AddTo(Command command, bool stream)
    {
        Option[] all = stream ? [window, most, sample, containment, revision, words, characters] : [containment, revision, words, characters];
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
    static OptionRange<double> Days(OptionRange<TimeSpan> range) => new(Math.Ceiling(range.Least.TotalDays * 1000) / 1000, range.Most.TotalDays);

    static Option<T> Ranged<T>(string name, string help, T value, OptionRange<T> range, string description)
        where T : INumber<T>
    {
        var option = new Option<T>(name) { HelpName = help, Description = description, DefaultValueFactory = _ => value };
        option.CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            if (T.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) && given >= range.Least && given <= range.Most)
                return given;
            var kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
            result.AddError($"{name} takes {kind} from {range.Least.ToString(null, CultureInfo.InvariantCulture)} to {range.Most.ToString(null, CultureInfo.InvariantCulture)}, not '{word}'.");
            return value;
        };
        return option;
    }
}
