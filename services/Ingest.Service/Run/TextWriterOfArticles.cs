using Ingest.Service.Display;
using Ingest.Service.Outcomes;

namespace Ingest.Service.Run;

/// <summary>
/// The clean articles as text: headline, body paragraphs parted by blank lines; a form feed parts articles (three
/// stars on a terminal).
/// </summary>
sealed class TextWriterOfArticles(TextWriter output, bool terminal) : IOutcomeWriter
{
    bool any;

    public void Write(Outcome outcome)
    {
        if (outcome.Result.Article is not { } article)
        {
            Terminal.Complain($"{outcome.Id} rejected: {Advice.Detail(outcome.Result.Rejection!, Audience.CommandLine)}");
            return;
        }

        if (any)
            output.Write(terminal ? "\n* * *\n\n" : "\f\n");
        any = true;
        if (article.Headline is not null)
            output.Write(Shown(article.Headline) + "\n\n");
        output.Write(string.Join("\n\n", article.Body.Select(Shown)) + "\n");
    }

    public void Finish() => output.Flush();

    /// <summary>A file gets the text as it is, a terminal what cannot steer it.</summary>
    string Shown(string text) => terminal ? Terminal.Plain(text) : text;
}
