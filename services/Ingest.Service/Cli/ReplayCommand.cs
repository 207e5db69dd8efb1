using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Reading;
using Ingest.Core.Normalisation.Sources;
using Ingest.Ledger;
using Ingest.Ledger.Articles;
using Ingest.Ledger.Decisions;
using Ingest.Service.Deduplicate;
using Ingest.Service.Display;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Ingest.Service.Outcomes;
using Ingest.Service.Serve;
using Spectre.Console;
using Progress = Ingest.Service.Display.Progress;

namespace Ingest.Service.Cli;

/// <summary>
/// <c>ingest replay</c>: decides again from the stored raw articles into a new ledger, and shows what comes out otherwise.
/// </summary>
static class ReplayCommand
{
    const int Batch = 256;

    /// <summary>Articles that are shown; the totals count all.</summary>
    const int MostShown = 50;

    public static Command Create()
    {
        var ledger = new LedgerFlags("The ledger to read; it is not changed.");
        var to = new Option<string>("--to") { Description = "The new ledger; the file must not exist.", Required = true, HelpName = "FILE" };
        var from = new Option<long>("--from")
        {
            Description = "The first position to decide again; earlier decisions are copied.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var normaliser = new Option<bool>("--normaliser") { Description = "Clean the articles again too, with the rules of this program." };
        from.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<long>() < 1)
                r.AddError($"--from takes a position of 1 or more, not {r.GetValueOrDefault<long>()}.");
        });
        var command = new Command("replay", "Decide again from the stored raw articles, in the order of the log, into a new ledger, and show what differs.")
        {
            to, from, normaliser,
        };
        ledger.AddTo(command);
        var deduplication = new DeduplicationFlags();
        deduplication.AddTo(command, stream: true);
        command.SetAction(parsed => Run(
            () => ledger.Place(parsed, "ingest.db"),
            parsed.GetValue(to)!,
            parsed.GetValue(from),
            parsed.GetValue(normaliser),
            deduplication.Read(parsed, stream: true)));
        return command;
    }

    static int Run(Func<LedgerPlace> place, string to, long from, bool normaliser, DeduplicationOptions options)
    {
        if (Path.Exists(to))
        {
            Terminal.Complain($"--to {to} already exists. Choose a new file.");
            return CommandLine.Usage;
        }

        try
        {
            using var made = new OutputFile(to, overwrite: false);
            using var copied = new OutputFile(to, overwrite: false);
            var differences = new Differences();
            using (var old = Source(place(), copied.WritePath))
            {
                if (new Retention(old).Gone().Texts is var gone && from <= gone.Value)
                {
                    Terminal.Complain($"the texts up to position {gone} are no longer kept (Ingest:Retention): what was decided about them cannot be decided again. Use --from {gone.Next} or later.");
                    return CommandLine.Usage;
                }

                if (from > 1)
                    // What is copied must be comparable with what is decided now.
                    Lane.CheckSettings(old, options);
                using var ledger = LedgerFile.Open(made.WritePath);
                LedgerCopy.Before(old, ledger, new LogPosition(from));
                using (var progress = Progress.Start(wanted: true))
                    Decide(old, ledger, from, normaliser, options, differences, progress);
                Waiting(old, ledger);
            }

            made.Complete();
            using var output = Terminal.Output();
            differences.Write(output);
            return CommandLine.Success;
        }
        catch (Exception e) when (e is LedgerException or StoredResultException)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Unreadable;
        }
        catch (Exception e) when (e is SettingsException or FormatException or InvalidDataException)
        {
            Terminal.Complain(e.Message);
            return CommandLine.Usage;
        }
        catch (AggregateException e) when (e.InnerException is LedgerException or StoredResultException)
        {
            // Such as a source that was learnt from texts that are no longer kept.
            Terminal.Complain(e.InnerException.Message);
            return CommandLine.Unreadable;
        }
        catch (IOException e)
        {
            Terminal.Complain($"cannot write --to {to}: {e.Message}");
            return CommandLine.Unreadable;
        }
    }

    /// <summary>The ledger as it is; of a file with an earlier schema a copy, which this program can migrate.</summary>
    static LedgerStore Source(LedgerPlace place, string copy)
    {
        var ledger = place.OpenUnchanged();
        if (!ledger.IsEarlier)
            return ledger;
        using (ledger)
        {
            // Of a server there is no copy to migrate.
            if (ledger is not LedgerFile)
                ledger.MustBeCurrent();
            LedgerCopy.Whole((LedgerFile)ledger, copy);
        }

        return LedgerFile.Open(copy);
    }

    static void Decide(
        LedgerStore old, LedgerFile ledger, long from, bool normaliser, DeduplicationOptions options, Differences differences,
        Progress progress)
    {
        using var lane = new Lane(ledger, options, TimeProvider.System);
        using var prepared = new LaneItems(options);
        var sources = new SourceBook(old);
        lane.Rebuild();
        var (before, after) = (new DecisionLog(old), new DecisionLog(ledger));
        var rules = normaliser ? new Normaliser(new NormaliserOptions(), ThreadTime.Instance) : null;
        // Time passes as it did then. A rejected article has no moment of its own: should it be decided now, the one before it counts.
        DateTimeOffset? clock = null;
        for (var position = new LogPosition(from).Before; before.After(position, Batch, Texts.All) is { Count: > 0 } entries;)
        {
            var items = new LaneItem?[entries.Count];
            Parallel.For(0, items.Length, i => items[i] = Item(entries[i], rules, prepared, sources, differences));
            for (var i = 0; i < items.Length; i++)
                items[i] = items[i] is { } item ? item with { Clock = clock = entries[i].Clock ?? clock ?? entries[i].Decision.Decided } : null;
            var decided = after.End().Position;
            lane.Commit([.. items.OfType<LaneItem>()]);
            var replayed = Entries(after, decided).ToDictionary(e => e.ArticleId);
            foreach (var entry in entries)
                differences.Compare(entry, replayed.GetValueOrDefault(entry.ArticleId));
            position = entries[^1].Decision.Position;
            progress.Add(entries.Count);
        }
    }

    /// <summary>All entries after a position; the log gives them in several parts where their texts are long.</summary>
    static IEnumerable<LogEntry> Entries(DecisionLog log, LogPosition position)
    {
        while (log.After(position, Batch, Texts.All) is { Count: > 0 } entries)
        {
            foreach (var entry in entries)
                yield return entry;
            position = entries[^1].Decision.Position;
        }
    }

    /// <summary>Where the stored result is damaged, the article is cleaned anew; null where the article itself cannot be read.</summary>
    static LaneItem? Item(LogEntry entry, Normaliser? rules, LaneItems items, SourceBook sources, Differences differences)
    {
        Submission submission;
        try
        {
            submission = entry.Text!.Submission;
            _ = submission.Read;
        }
        catch (StoredResultException e)
        {
            differences.Damaged(entry, e);
            return null;
        }

        var claim = new LaneClaim(submission, default, Discards: false);
        var known = entry.Decision.Source?.Known ?? default;
        if (rules is null)
        {
            try
            {
                return items.Of(claim, submission, entry.Text.Result(), entry.Decision.Arrival, known, entry.Text.Stored);
            }
            catch (StoredResultException e)
            {
                differences.Damaged(entry, e);
            }
        }

        // With what was known of its source then. A run that looked its whole input over knew more: that is not known again.
        var source = entry.Decision.Source is { } of
            ? sources.ProfileAt(of.Name, known with { Learnt = Math.Min(known.Learnt, SourceHistory.Checkpoint(of.Number - 1)) })
            : SourceProfile.Unknown;
        return items.Of(claim, submission, (rules ?? new Normaliser(new NormaliserOptions(), ThreadTime.Instance)).Normalise(submission.Read, source), entry.Decision.Arrival, source.Knowledge);
    }

    /// <summary>Articles that have no decision yet wait in the new ledger too.</summary>
    static void Waiting(LedgerStore old, LedgerFile ledger)
    {
        using var writer = new AcceptWriter(ledger, TimeProvider.System.GetUtcNow());
        writer.Take(new AcceptedArticles(old).Undecided().Select(a => a.Submission));
    }

    /// <summary>What came out otherwise.</summary>
    sealed class Differences
    {
        readonly List<(LogEntry Before, string Was, string Is)> shown = [];
        readonly Dictionary<(string Was, string Is), int> kinds = [];
        readonly ConcurrentQueue<(LogPosition Position, string Fault)> damaged = [];
        long decisions, different;

        /// <summary>What the old ledger holds of an article cannot be read. On any thread.</summary>
        public void Damaged(LogEntry entry, StoredResultException fault) => damaged.Enqueue((entry.Decision.Position, fault.Message));

        /// <param name="after">Null where its handling failed.</param>
        public void Compare(LogEntry before, LogEntry? after)
        {
            decisions++;
            try
            {
                if (after is not null && AreSame(before, after))
                    return;
            }
            catch (StoredResultException e)
            {
                // Then it was cleaned anew, and has nothing to be compared with.
                Damaged(before, e);
            }

            different++;
            var kind = (Kind(before), after is null ? "failed" : Kind(after));
            if (after is not null && kind.Item1 == kind.Item2)
                kind.Item2 = before.Story != after.Story ? "in another story"
                    : before.Matched != after.Matched ? "of another article"
                    : before.Canonical != after.Canonical ? "another canonical" : "another text";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (shown.Count < MostShown)
                shown.Add((before, kind.Item1, kind.Item2));
        }

        static bool AreSame(LogEntry before, LogEntry after) =>
            before.Story == after.Story && before.Matched == after.Matched && before.Canonical == after.Canonical
            && before.Decision.Place?.Join?.Relation == after.Decision.Place?.Join?.Relation
            && before.Decision.Rejection == after.Decision.Rejection && before.Text!.HasResultOf(after.Text!);

        public void Write(TextWriter output)
        {
            if (shown.Count > 0)
            {
                var console = Terminal.Tables(output, !Console.IsOutputRedirected && Terminal.Coloured, Terminal.Width);
                var table = new Table { Border = TableBorder.Rounded };
                table.AddColumn(new TableColumn("Position").RightAligned()).AddColumn("Article").AddColumn("Headline");
                table.AddColumn("Was").AddColumn("Now");
                foreach (var (before, was, now) in shown)
                    table.AddRow(
                        new Text(before.Decision.Position.ToString()), new Text(Terminal.ShortenedPath(before.Id, 30)),
                        new Text(Cells.Words(Terminal.Plain(before.Decision.Headline ?? ""), 50, 2)), new Text(was), new Text(now));
                console.Write(table);
                if (different > shown.Count)
                    output.WriteLine($"… and {different - shown.Count} more.");
                foreach (var (kind, count) in kinds.OrderByDescending(k => k.Value))
                    output.WriteLine($"{count} {kind.Was} → {kind.Is}");
            }

            foreach (var (position, fault) in damaged.OrderBy(d => d.Position).Take(MostShown))
                output.WriteLine(Terminal.Plain($"Position {position} is damaged: {fault}"));
            if (damaged.Count > MostShown)
                output.WriteLine($"… and {damaged.Count - MostShown} more damaged.");
            output.WriteLine($"{decisions} decisions: {decisions - different} the same, {different} different.");
            output.Flush();
        }

        static string Kind(LogEntry entry) => entry.Decision switch
        {
            { Rejection: { } reason } => $"rejected, {OutcomeMapper.Word(reason)}",
            { Place.Join: { } join } => OutcomeMapper.Word(join.Relation),
            _ => "first of a story",
        };
    }
}
