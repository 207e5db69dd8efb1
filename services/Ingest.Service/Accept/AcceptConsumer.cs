using Ingest.Contracts.V1;
using Ingest.Service.Broker;
using Ingest.Service.Deduplicate;
using Ingest.Service.Normalise;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Ingest.Service.Accept;

/// <summary>
/// Takes submissions from the queue. Where this process cleans and decides too, a message is acknowledged when its articles have their outcome: until then the
/// queue keeps them. Otherwise when they are in the ledger.
/// </summary>
sealed class AcceptConsumer(SubmissionReader reader, AcceptStage accept, ILogger<AcceptConsumer> logger, NormaliseStage? normalise = null, LaneStage? lane = null) : IConsumer<SubmitArticles>
{
    static readonly TimeSpan WaitForRoom = TimeSpan.FromSeconds(1);

    public async Task Consume(ConsumeContext<SubmitArticles> context)
    {
        IReadOnlyList<Submission> submissions;
        try
        {
            submissions = reader.Message(context.ReceiveContext.Body.GetBytes(), context.ReceiveContext.ContentType?.MediaType, context.MessageId);
        }
        catch (UnreadableMessageException e)
        {
            logger.Unreadable(e.Message);
            throw;
        }

        await Unacknowledged.IfCutOff(normalise is not null && lane is not null
            ? lane.Decide([.. submissions.Select(normalise.Normalise)], CancellationToken.None)
            : IntoLedger(submissions, context.CancellationToken));
    }

    /// <summary>While too many articles wait, or the ledger cannot be written, the message waits, and with it the queue.</summary>
    async Task IntoLedger(IReadOnlyList<Submission> submissions, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await accept.Accept(submissions, cancellation);
                return;
            }
            catch (Exception e) when (e is TooManyUnfinishedException or Ledger.LedgerException)
            {
                logger.QueueLeftAlone(e.Message);
                await Task.Delay(WaitForRoom, cancellation);
                accept.Count();
            }
        }
    }
}
