using Ingest.Contracts.V1;
using Ingest.Ledger;
using Ingest.Service.Broker;
using MassTransit;

namespace Ingest.Service.Normalise;

/// <summary>Cleans articles that another process accepted. Acknowledged when they have their outcome, or are with the lane's process.</summary>
sealed class NormaliseConsumer(LedgerFile ledger, Cleaning cleaning) : IConsumer<NormaliseArticles>
{
    readonly AcceptedArticles articles = new(ledger);

    public Task Consume(ConsumeContext<NormaliseArticles> context) =>
        Unacknowledged.IfCutOff(cleaning.Run(articles.StillUnfinished([.. context.Message.Articles]), CancellationToken.None));
}
