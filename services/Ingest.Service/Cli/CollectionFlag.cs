using System.CommandLine;
using Ingest.Core.Articles;
using Ingest.Service.Display;
using Ingest.Service.Operations;

namespace Ingest.Service.Cli;

/// <summary>The option <c>--collection</c>.</summary>
static class CollectionFlag
{
    const string Name = "--collection";

    public static Option<string?> Create()
    {
        var option = new Option<string?>(Name) { Description = "The collection, such as a customer's, a desk's or a language's; default by default.", HelpName = "NAME" };
        option.Validators.Add(r =>
        {
            if (r.Tokens is [var token] && !CollectionNames.IsOne(token.Value))
                r.AddError($"{Name} takes a name, not '{Secrets.Hidden(token.Value)}': {CollectionNames.Rule}.");
        });
        return option;
    }

    /// <summary>The collection that is named, or the default one.</summary>
    public static string Named(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) ?? ArticleIds.DefaultCollection;
}
