using Ingest.Core.Normalisation.Reading;
using Ingest.Ledger;
using Ingest.Service.Broker;
using Ingest.Service.Display;
using Ingest.Service.Normalise;
using Ingest.Service.Operations;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>
/// Takes submissions from the queue. Where this process cleans and decides too, a message is acknowledged when its articles have
/// their outcome: until then the queue keeps them. Otherwise, and where it is a file of several, when they are in the ledger.
/// </summary>
sealed class AcceptConsumer(
    QueuedBody body, AcceptStage accept, LedgerStore ledger, CollectionRoster collections, Topology topology, StageSender sender, ILogger<AcceptConsumer> logger,
    Cleaning? cleaning = null)
{
    /// <exception cref="UnreadableMessageException">It holds nothing that could be an article.</exception>
    /// <exception cref="OperationCanceledException">The program stops: the message must stay in the queue.</exception>
    public async Task Consume(QueuedMessage message, CancellationToken stopping)
    {
        if (message.Collection is { } named && named != ledger.Collection)
        {
            await HandOn(message, named, stopping);
            return;
        }

        using var received = await Read(message, stopping);
        var submissions = received.Submissions;
        // What is cleaned at once goes in portions, and a file is accepted as a whole.
        // While too many articles wait, or the ledger cannot be read or written, the message waits, and with it the queue.
        if (topology is { AfterAccept: HandOver.Memory, AfterNormalise: HandOver.Memory } && !(received.IsFile && submissions.Count > 1))
            await Perseverance.Until(() => cleaning!.Run(submissions, CancellationToken.None), e => e is LedgerException { IsPassing: true }, Wait, stopping);
        else
            await Perseverance.Until(
                () => accept.Accept(submissions, stopping), e => e is TooManyUnfinishedException or LedgerException, Wait, stopping);

        void Wait(Exception e) => logger.QueueLeftAlone(e.Message);
    }

    /// <summary>The queue of the collection is the one way in: what comes by another queue goes there first, and waits there.</summary>
    async Task HandOn(QueuedMessage message, string collection, CancellationToken stopping)
    {
        if (!collections.Declared.Contains(collection))
        {
            var unknown = new UnreadableMessageException(
                $"unknown-collection: {QueuedMessage.CollectionHeader} is '{Secrets.Hidden(collection)}', which is not declared (Ingest:Collections).{Typos.Hint(collection, collections.Declared)}");
            logger.Unreadable(unknown.Message);
            throw unknown;
        }

        await Perseverance.Until(
            () => sender.Submit(message, collection), e => e is not OperationCanceledException, e => logger.QueueLeftAlone(e.Message), stopping);
    }

    async Task<ReceivedArticles> Read(QueuedMessage message, CancellationToken stopping)
    {
        try
        {
            return await body.Read(message, stopping);
        }
        catch (UnreadableMessageException e)
        {
            logger.Unreadable(e.Message);
            throw;
        }
    }
}
