using Ingest.Service.Broker;
using RabbitMQ.Client;

namespace Ingest.Service.Tests.Broker;

public sealed class SettlementsTests
{
    [Fact]
    public void What_ended_without_a_gap_is_one_acknowledgement_and_what_is_ahead_of_a_gap_does_not_wait()
    {
        var (settlements, all) = Open(6);
        Assert.Equal([new Settlement(2, true, false), new(4, false, false)], settlements.Settle(Handled(all[3], all[0], all[1])));
        Assert.Equal([new Settlement(6, false, false)], settlements.Settle(Handled(all[5])));
        // The last that is open: the broker would not know the number of one that is settled.
        Assert.Equal([new Settlement(3, true, false)], settlements.Settle(Handled(all[2])));
        Assert.Equal([new Settlement(5, true, false)], settlements.Settle(Handled(all[4])));
    }

    [Fact]
    public void What_goes_back_goes_before_an_acknowledgement_that_would_reach_over_it()
    {
        var (settlements, all) = Open(3);
        all[1].State = DeliveryState.GivenBack;
        Assert.Equal([new Settlement(2, false, true), new(3, true, false)], settlements.Settle([all[1], .. Handled(all[0], all[2])]));
    }

    /// <summary>Played against a channel as the broker keeps it: a number that it does not know ends the channel.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_any_order_each_is_settled_once_and_none_before_it_ended(int seed)
    {
        var random = new Random(seed);
        var settlements = new Settlements();
        var (channel, ended, running) = (new SortedSet<ulong>(), new Dictionary<ulong, bool>(), new List<QueueDelivery>());
        for (var tag = 1UL; tag <= 2000 || running.Count > 0;)
        {
            for (var more = random.Next(5); more > 0 && tag <= 2000; more--, tag++)
            {
                var delivery = Delivery(tag);
                settlements.Add(delivery);
                channel.Add(tag);
                running.Add(delivery);
            }

            var some = running.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next()).ToList();
            foreach (var delivery in some)
            {
                running.Remove(delivery);
                delivery.State = random.Next(10) == 0 ? DeliveryState.GivenBack : DeliveryState.Handled;
                ended.Add(delivery.Tag, delivery.State == DeliveryState.GivenBack);
            }

            foreach (var (settled, multiple, givesBack) in settlements.Settle(some))
            {
                Assert.Contains(settled, channel);
                foreach (var one in channel.Where(t => t == settled || multiple && t < settled).ToList())
                {
                    Assert.Equal(givesBack, ended[one]);
                    channel.Remove(one);
                }
            }

            Assert.Equal(running.Select(d => d.Tag).Order(), channel);
        }

        Assert.Equal((2000, 0), (ended.Count, channel.Count));
    }

    static (Settlements Settlements, List<QueueDelivery> All) Open(int count)
    {
        var settlements = new Settlements();
        var all = Enumerable.Range(1, count).Select(n => Delivery((ulong)n)).ToList();
        all.ForEach(settlements.Add);
        return (settlements, all);
    }

    static QueueDelivery Delivery(ulong tag) => new(tag, new BasicProperties(), default);

    static QueueDelivery[] Handled(params QueueDelivery[] deliveries)
    {
        foreach (var delivery in deliveries)
            delivery.State = DeliveryState.Handled;
        return deliveries;
    }
}
