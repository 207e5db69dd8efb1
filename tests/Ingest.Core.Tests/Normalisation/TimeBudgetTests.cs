using Ingest.Core.Articles;
using Ingest.Core.Normalisation;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>The longest time for one article: beyond it the article is rejected by name, a long text as soon as a step is done.</summary>
public class TimeBudgetTests
{
    [Theory]
    [InlineData(3, 10)]
    [InlineData(3000, 3)]
    public void What_takes_longer_is_rejected(int paragraphs, int mostAsked)
    {
        var time = new Hasty();
        var text = string.Join("\n\n", Enumerable.Range(0, paragraphs).Select(i => $"The old mill at Bree opened again on day {i}, with shelves where the rollers stood."));
        var result = new Normaliser(new NormaliserOptions(), time).Normalise(new ArticleText(text));
        Assert.Equal(RejectionReason.TimeBudgetExceeded, result.Rejection!.Reason);
        // Once at the beginning.
        Assert.InRange(time.Asked, 2, mostAsked);
    }

    /// <summary>Each time that it is asked a minute has gone.</summary>
    sealed class Hasty : TimeProvider
    {
        public int Asked { get; private set; }

        public override long GetTimestamp() => ++Asked * 60 * TimestampFrequency;
    }
}
