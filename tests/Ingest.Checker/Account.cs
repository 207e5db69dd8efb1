namespace Ingest.Checker;

/// <summary>
/// What was accepted, decided and published, and what of it should not be. By the submitters' ids; safe for many threads.
/// </summary>
sealed class Account
{
    readonly Lock gate = new();
    readonly HashSet<string> tried = new(StringComparer.Ordinal), accepted = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> decided = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> published = new(StringComparer.Ordinal);
    readonly List<string> unexpected = [];
    long last;
    int repeated, doubled;

    /// <summary>An article is about to be sent: from now on it may turn up.</summary>
    public void Try(string id)
    {
        lock (gate)
            tried.Add(id);
    }

    /// <summary>We were told yes: from now on it must turn up.</summary>
    public void Accepted(string id)
    {
        lock (gate)
            accepted.Add(id);
    }

    /// <summary>A decision about somebody else's article.</summary>
    public void Passed(long position)
    {
        lock (gate)
            Follow(position);
    }

    /// <summary>A decision in the feed, which is ordered and has no gaps.</summary>
    public void Decided(string id, long position)
    {
        lock (gate)
        {
            Follow(position);
            if (!tried.Contains(id))
                unexpected.Add($"a decision about {id}, which was never sent");
            if (!decided.TryAdd(id, position))
                doubled++;
        }
    }

    void Follow(long position)
    {
        if (position != last + 1)
            unexpected.Add($"position {position} follows {last}");
        last = position;
    }

    /// <summary>An event of the broker; the same one may come again, under the same message id.</summary>
    public void Published(string id, string messageId)
    {
        lock (gate)
        {
            if (!tried.Contains(id))
                unexpected.Add($"an event about {id}, which was never sent");
            if (published.TryAdd(id, messageId))
                return;
            if (published[id] == messageId)
                repeated++;
            else
                unexpected.Add($"two events about {id}, {published[id]} and {messageId}");
        }
    }

    /// <summary>Whether everything that was accepted has arrived.</summary>
    /// <param name="events">Whether events are waited for too.</param>
    public bool IsComplete(bool events)
    {
        lock (gate)
            return accepted.IsSubsetOf(decided.Keys) && (!events || decided.Keys.All(published.ContainsKey));
    }

    /// <summary>The counts so far, on one line.</summary>
    public string Line()
    {
        lock (gate)
            return $"{accepted.Count} accepted, {decided.Count} decided, {published.Count} published, {doubled} decided twice, {repeated} repeated with the same id, {unexpected.Count} unexpected";
    }

    /// <summary>Prints the result.</summary>
    /// <returns>True where nothing is lost, doubled or unexpected.</returns>
    public bool Print(TextWriter output, bool events)
    {
        lock (gate)
        {
            var lost = accepted.Count(id => !decided.ContainsKey(id));
            var untold = events ? decided.Keys.Count(id => !published.ContainsKey(id)) : 0;
            output.WriteLine($"accepted    {accepted.Count,9}");
            output.WriteLine($"decided     {decided.Count,9}   ({decided.Count - accepted.Count(decided.ContainsKey)} of them sent, but the answer was lost)");
            if (events)
                output.WriteLine($"published   {published.Count,9}");
            output.WriteLine($"lost        {lost + untold,9}");
            output.WriteLine($"doubled     {doubled,9}");
            output.WriteLine($"repeated    {repeated,9}   (the same event with the same message id)");
            output.WriteLine($"unexpected  {unexpected.Count,9}");
            foreach (var fault in unexpected.Take(10))
                output.WriteLine($"            {fault}");
            foreach (var id in accepted.Where(id => !decided.ContainsKey(id)).Take(10))
                output.WriteLine($"            lost: {id}");
            return lost + untold + doubled + unexpected.Count == 0;
        }
    }
}
