namespace Ingest.Service.Broker;

/// <summary>What the broker is told: that a message is handled, with all before it that are open where it is <paramref name="Multiple"/>, or that it goes back.</summary>
readonly record struct Settlement(ulong Tag, bool Multiple, bool GivesBack);

/// <summary>
/// The messages of one channel that are not settled, in the order they came. Handlers end in any order; what is handled from the first message
/// on without a gap is one acknowledgement, and what is ahead of a gap does not wait for it. For use by several threads.
/// </summary>
sealed class Settlements
{
    readonly Queue<QueueDelivery> open = new();

    /// <summary>Tags grow from one to the next.</summary>
    public void Add(QueueDelivery delivery)
    {
        lock (open)
            open.Enqueue(delivery);
    }

    /// <param name="ended">Whose handlers have ended, in any order; each is given once.</param>
    /// <returns>What to tell the broker, in this order.</returns>
    public IReadOnlyList<Settlement> Settle(IReadOnlyList<QueueDelivery> ended)
    {
        var settlements = new List<Settlement>();
        // First, so that no acknowledgement of several reaches over one.
        foreach (var delivery in ended.Where(d => d.State == DeliveryState.GivenBack))
            settlements.Add(Settled(delivery, multiple: false, givesBack: true));
        QueueDelivery? last = null;
        lock (open)
            while (open.TryPeek(out var first) && first.State is DeliveryState.Handled or DeliveryState.Settled)
            {
                open.Dequeue();
                if (first.State == DeliveryState.Handled)
                    last = first;
                first.State = DeliveryState.Settled;
            }

        if (last is not null)
            settlements.Add(Settled(last, multiple: true, givesBack: false));
        foreach (var delivery in ended.Where(d => d.State == DeliveryState.Handled))
            settlements.Add(Settled(delivery, multiple: false, givesBack: false));
        return settlements;
    }

    static Settlement Settled(QueueDelivery delivery, bool multiple, bool givesBack)
    {
        delivery.State = DeliveryState.Settled;
        return new Settlement(delivery.Tag, multiple, givesBack);
    }
}
