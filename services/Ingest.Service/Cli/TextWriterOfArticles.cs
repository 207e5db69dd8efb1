namespace Ingest.Service.Cli;

/// <summary>The clean articles as text: headline, body paragraphs parted by blank lines; a form feed parts articles.</summary>
sealed class TextWriterOfArticles(TextWriter output) : IOutcomeWriter
{
    bool any;

    public void Write(Outcome outcome)
    {
        if (outcome.Result.Article is not { } article)
        {
            Console.Error.WriteLine($"ingest: {outcome.Input.Id} rejected: {outcome.Result.Rejection!.Detail}");
            return;
        }

        if (any)
            output.Write("\f\n");
        any = true;
        if (article.Headline is not null)
            output.Write(article.Headline + "\n\n");
        output.Write(string.Join("\n\n", article.Body) + "\n");
    }

    public void Finish() => output.Flush();
}
