namespace Ingest.Checker;

/// <summary>The counts of a check, at one moment.</summary>
/// <param name="Accepted">Articles that the service promised to keep.</param>
/// <param name="Published">Articles whose event each subscriber has; null without a broker.</param>
/// <param name="Lost">Accepted articles that the service no longer knows, and decided ones whose event some subscriber never had.</param>
/// <param name="Duplicated">Events that came again with the same message id, which is allowed.</param>
/// <param name="Undecided">Accepted articles that the service knows and has not decided.</param>
/// <param name="Split">Pairs of copies of one text that are in two stories.</param>
/// <param name="Unanswered">Articles that had no answer to the end, so that nothing is known of them.</param>
sealed record Tally(
    int Accepted, int Refused, int Decided, int? Published, int Lost, int Duplicated, int Unexpected, int Undecided, int Split,
    int Unanswered, int Kills)
{
    /// <summary>Whether every promise was kept. A check that nothing was accepted in shows nothing.</summary>
    public bool Holds => Accepted > 0 && Lost + Unexpected + Undecided + Split + Unanswered == 0;

    /// <summary>What means something before the end, when much is still on its way.</summary>
    public string SoFar =>
        $"so far: accepted {Accepted}, decided {Decided}{(Published is { } p ? $", published {p}" : "")}, unexpected {Unexpected}, "
        + $"split {Split}, kills {Kills}";

    public override string ToString() =>
        $"accepted {Accepted}, refused {Refused}, decided {Decided}{(Published is { } p ? $", published {p}" : "")}, lost {Lost}, "
        + $"duplicated {Duplicated}, unexpected {Unexpected}, undecided {Undecided}, split {Split}, unanswered {Unanswered}, kills {Kills}";
}

/// <summary>What was sent, and all that was heard of it. By the submitters' ids; for many threads.</summary>
/// <param name="subscribers">The names of those who read events from the broker.</param>
sealed class Account(params IReadOnlyList<string> subscribers)
{
    /// <summary>Faults that are told in words.</summary>
    const int Told = 20;

    readonly Lock gate = new();
    readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    readonly Dictionary<int, Dictionary<string, int>> storiesOfText = [];
    readonly Dictionary<string, int> textOfStory = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> interruptions = new(StringComparer.Ordinal);
    readonly List<string> faults = [];
    readonly int[] published = new int[subscribers.Count];
    long last;
    int decided, duplicated, unexpected, kills;

    sealed class Entry(Article article, int subscribers)
    {
        public Article Article { get; set; } = article;
        public bool Accepted { get; set; }
        public bool Refused { get; set; }
        public bool Decided { get; set; }
        public bool Unknown { get; set; }

        /// <summary>The message id of its event, by subscriber.</summary>
        public string?[] Messages { get; } = new string?[subscribers];

        public bool IsPublished => Array.TrueForAll(Messages, m => m is not null);
    }

    /// <summary>An article is about to be sent: from now on it may turn up.</summary>
    public void Try(Article article)
    {
        lock (gate)
            entries.TryAdd(article.Id, new Entry(article, subscribers.Count));
    }

    /// <summary>We were told yes: from now on it must turn up.</summary>
    public void Accepted(Article article)
    {
        lock (gate)
        {
            entries[article.Id].Accepted = true;
            if (article.Due == Due.Refused)
                Fault($"{Name(article.Id)} is over a limit and was accepted");
        }
    }

    /// <summary>We were told no, for good.</summary>
    public void Refused(Article article, int status, string? why)
    {
        lock (gate)
        {
            entries[article.Id].Refused = true;
            if (article.Due != Due.Refused)
                Fault($"{Name(article.Id)} was refused with {status}: {why}");
        }
    }

    /// <summary>Somebody was cut off, or told to come again later. What that was about is not known, and is asked again.</summary>
    /// <param name="by">The kind of fault.</param>
    public void Interrupted(string by)
    {
        lock (gate)
            interruptions[by] = interruptions.GetValueOrDefault(by) + 1;
    }

    public void Interrupted(Exception by) =>
        Interrupted(by.InnerException is { } inner ? $"{by.GetType().Name} ({inner.GetType().Name})" : by.GetType().Name);

    /// <summary>What should never be.</summary>
    public void Unexpected(string what)
    {
        lock (gate)
            Fault(what);
    }

    public void Killed()
    {
        lock (gate)
            kills++;
    }

    /// <summary>A decision in the feed, which is ordered and has no gaps.</summary>
    /// <param name="id">Null where the article is somebody else's.</param>
    /// <param name="story">Null where it is rejected.</param>
    public void Decided(long position, string? id, string? story)
    {
        lock (gate)
        {
            if (position != last + 1)
                Fault($"position {position} follows {last} in the feed");
            last = position;
            if (id is null)
                return;
            if (!entries.TryGetValue(id, out var entry))
            {
                Fault($"a decision about {Name(id)}, which was never sent");
                return;
            }

            if (entry.Decided)
            {
                Fault($"{Name(id)} was decided twice");
                return;
            }

            entry.Decided = true;
            decided++;
            Judge(entry.Article, story);
            // The text is no longer needed.
            entry.Article = entry.Article with { Json = "" };
        }
    }

    void Judge(Article article, string? story)
    {
        if (article.Due == Due.Refused)
            Fault($"a decision about {Name(article.Id)}, which is over a limit");
        else if (story is null != (article.Due == Due.Rejected))
            Fault($"{Name(article.Id)} was {(story is null ? "rejected" : "not rejected")}");
        if (story is null || article.Text < 0)
            return;
        if (textOfStory.TryAdd(story, article.Text) is false && textOfStory[story] != article.Text)
            Fault($"{Name(article.Id)} is in the story {story} of another text");
        if (!article.IsWhole)
            return;
        if (!storiesOfText.TryGetValue(article.Text, out var stories))
            storiesOfText[article.Text] = stories = new(StringComparer.Ordinal);
        if (stories.Count > 0 && !stories.ContainsKey(story))
            Tell($"split: {Name(article.Id)} is in the story {story}, other copies in {string.Join(", ", stories.Keys)}");
        stories[story] = stories.GetValueOrDefault(story) + 1;
    }

    /// <summary>An event at a subscriber; the same one may come again, under the same message id.</summary>
    public void Published(int subscriber, string id, string messageId)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry))
                Fault($"an event about {Name(id)}, which was never sent");
            else if (entry.Messages[subscriber] is not { } known)
            {
                entry.Messages[subscriber] = messageId;
                published[subscriber]++;
                if (Array.Find(entry.Messages, m => m is not null && m != messageId) is { } other)
                    Fault($"two events about {Name(id)}, {other} and {messageId}");
            }
            else if (known == messageId)
                duplicated++;
            else
                Fault($"two events about {Name(id)}, {known} and {messageId}");
        }
    }

    /// <summary>The service was asked about an accepted article that was not decided.</summary>
    /// <param name="stage">Where it is; null where the service does not know it.</param>
    public void Found(Article article, string? stage)
    {
        lock (gate)
        {
            entries[article.Id].Unknown = stage is null;
            Tell(stage is null ? $"lost: {Name(article.Id)}" : $"undecided: {Name(article.Id)} is {stage}");
        }
    }

    public bool IsDecided(string id)
    {
        lock (gate)
            return entries.TryGetValue(id, out var entry) && entry.Decided;
    }

    /// <summary>Accepted articles that were not decided.</summary>
    public IReadOnlyList<Article> Waiting()
    {
        lock (gate)
            return [.. entries.Values.Where(e => e is { Accepted: true, Decided: false }).Select(e => e.Article)];
    }

    /// <summary>Whether everything that was accepted has arrived everywhere.</summary>
    public bool IsComplete()
    {
        lock (gate)
            return Array.TrueForAll(published, p => p >= decided)
                && entries.Values.All(e => (e.Decided || !e.Accepted) && (!e.Decided || e.IsPublished));
    }

    public Tally Tally()
    {
        lock (gate)
        {
            var all = entries.Values;
            return new Tally(
                Accepted: all.Count(e => e.Accepted),
                Refused: all.Count(e => e.Refused),
                decided,
                subscribers.Count > 0 ? all.Count(e => e.IsPublished) : null,
                Lost: all.Count(e => e.Decided ? !e.IsPublished : e.Accepted && e.Unknown),
                duplicated,
                unexpected,
                Undecided: all.Count(e => e is { Accepted: true, Decided: false, Unknown: false }),
                Split: storiesOfText.Values.Sum(s => Pairs(s.Values.Sum()) - s.Values.Sum(Pairs)),
                Unanswered: all.Count(e => e is { Accepted: false, Refused: false, Decided: false }),
                kills);
        }
    }

    /// <summary>What stands behind the counts, a line each.</summary>
    public IReadOnlyList<string> Details()
    {
        lock (gate)
        {
            var answers = entries.Values.Count(e => e is { Accepted: false, Decided: true });
            return
            [
                .. subscribers.Select((s, i) => $"{s}: {published[i]} events"),
                $"decided, with the answer lost: {answers}",
                $"copies of {storiesOfText.Values.Count(s => s.Values.Sum() > 1)} texts compared",
                .. interruptions.Select(i => $"interrupted {i.Value} times: {i.Key}"),
                .. faults,
            ];
        }
    }

    static int Pairs(int members) => members * (members - 1) / 2;

    /// <summary>An id may have a thousand letters.</summary>
    static string Name(string id) => id.Length > 60 ? id[..60] + "…" : id;

    void Fault(string what)
    {
        unexpected++;
        Tell("unexpected: " + what);
    }

    void Tell(string what)
    {
        if (faults.Count < Told)
            faults.Add(what);
    }
}
