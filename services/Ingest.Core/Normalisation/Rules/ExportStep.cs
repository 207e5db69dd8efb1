using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Phrases;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>
/// The records of news databases (Nexis, Factiva, ProQuest, …): the values behind their labels become fields, the lines around the text are
/// decided, and the text is left to the other steps. The forms and their labels are <c>exports.txt</c>.
/// </summary>
internal sealed class ExportStep : RuleStep
{
    internal const string Label = "export.label";
    internal const string Divider = "export.divider";
    internal const string Head = "export.head";
    internal const string Headline = "export.headline";
    internal const string Byline = "export.byline";
    internal const string Publisher = "export.publisher";
    internal const string Date = "export.date";
    internal const string Dateline = "export.dateline";
    internal const string Url = "export.url";
    internal const string Caption = "export.caption";
    internal const string Copyright = "export.copyright";
    internal const string Opening = "export.opening";

    const string Prose = "The harbour opened again on Monday after three weeks of repairs, the authority said.\n\n{0}Ships were waiting in a long line outside the breakwater.";

    static readonly string Record = "1 of 3 DOCUMENTS\n\nHarbour Sentinel\n\nMarch 3, 2021 Wednesday\nFinal Edition\n\nHarbour opens again after repairs\n\nBYLINE: Anna Weir\n\nLENGTH: 30 words\n\nDATELINE: ROTTERDAM, March 2\n\n"
        + string.Format(Prose, "") + "\n\nLOAD-DATE: March 4, 2021\n\nURL: https://sentinel.example/harbour\n\nGRAPHIC: The harbour on Monday\n\nCopyright 2021 Harbour Press\nAll Rights Reserved";

    static Example Of(string snippet) => new(snippet, Record);

    /// <summary>In an article that is no record.</summary>
    static Example In(string line) => new(line, "Harbour opens again\n\n" + string.Format(Prose, line + "\n\n"));

    public override IReadOnlyList<RuleNote> Notes { get; } =
    [
        new(Label, BlockKind.DatabaseHeader, Of("LENGTH: 30 words"), In("LENGTH: 30 metres, said the sign that hung from the crane until Monday.")),
        new(Divider, BlockKind.DatabaseHeader, Of("1 of 3 DOCUMENTS"), In("1 of 3 DOCUMENTS that the authority had asked for was lost on the way.")),
        new(Head, BlockKind.DatabaseHeader, Of("Final Edition"), In("The final edition of the charts will be printed in May, the authority said.")),
        new(Headline, BlockKind.Headline, Of("Harbour opens again after repairs"), In("The headline on the gate said that the harbour was closed for ever.")),
        new(Byline, BlockKind.Byline, Of("Anna Weir"), In("Anna Weir, who runs the harbour, rang the bell herself on Monday.")),
        new(Publisher, BlockKind.Publisher, Of("Harbour Sentinel"), In("The Harbour Sentinel is the ship that was the first to leave on Monday.")),
        new(Date, BlockKind.Published, Of("March 3, 2021 Wednesday"), In("On March 3, 2021, a Wednesday, the harbour was closed by the authority.")),
        new(Dateline, BlockKind.Dateline, Of("ROTTERDAM, March 2"), In("Rotterdam, on March 2, had been the last harbour to be closed.")),
        new(Url, BlockKind.SourceUrl, Of("https://sentinel.example/harbour"), In("The charts are at https://sentinel.example/harbour for all the pilots to see.")),
        new(Caption, BlockKind.Caption, Of("The harbour on Monday"), In("The harbour on Monday was as full as it had been in years.")),
        new(Copyright, BlockKind.Copyright, Of("Copyright 2021 Harbour Press"), In("Copyright in the charts belongs to the authority, which sells them to the pilots.")),
        new(Opening, BlockKind.Subhead, new("What the pilots say", Record.Replace("The harbour opened", "What the pilots say\n\nThe harbour opened", StringComparison.Ordinal)),
            In("What the pilots say is that they had known it all along, and nobody asked.")),
    ];

    public override void Apply(Document document)
    {
        if (document.Export is { } record)
            new ExportReader(document, record).Read();
    }
}
