namespace Ingest.Contracts.V1;

/// <summary>Where text of a kind ends up: in the article's body, in a field beside it, or taken out.</summary>
public enum BlockGroup
{
    Body,
    Field,
    Removed,
}

/// <param name="Name">As it stands in a message.</param>
public sealed record BlockKind(string Name, BlockGroup Group, string Meaning);

/// <summary>Every kind that a block may have. The list is closed: a kind that is added here is a new version of the contract.</summary>
public static class BlockKinds
{
    public static IReadOnlyList<BlockKind> All { get; } =
    [
        new("paragraph", BlockGroup.Body, "Running text."),
        new("subhead", BlockGroup.Body, "A heading inside the body, or the label that opens one of its parts."),
        new("list-item", BlockGroup.Body, "An item of a list that belongs to the story; its bullet or number is a list-marker."),
        new("quote", BlockGroup.Body, "A quotation that stands on its own."),
        new("table", BlockGroup.Body, "A row of figures, results or prices that belongs to the story."),

        new("headline", BlockGroup.Field, "The headline, without a version mark."),
        new("byline", BlockGroup.Field, "Who wrote it."),
        new("dateline", BlockGroup.Field, "The place it was filed from, with or without date and agency."),
        new("published", BlockGroup.Field, "When it was published."),
        new("publisher", BlockGroup.Field, "The newspaper or site that printed it."),
        new("agency", BlockGroup.Field, "The news agency it comes from."),
        new("slugline", BlockGroup.Field, "The wire's keyword line."),
        new("version", BlockGroup.Field, "A mark that says which version of the copy this is."),
        new("source-url", BlockGroup.Field, "The address it was taken from."),

        new("list-marker", BlockGroup.Removed, "The bullet or number of a list item."),
        new("caption", BlockGroup.Removed, "A picture's caption; kept in media."),
        new("credit", BlockGroup.Removed, "Who made or supplied a picture; kept in media."),
        new("media-control", BlockGroup.Removed, "The labels of a player or a gallery, or what an image leaves behind in text."),
        new("embed", BlockGroup.Removed, "A post from a social network; kept in embeds."),
        new("share-bar", BlockGroup.Removed, "Buttons and lines to share, follow, print or save."),
        new("related-link", BlockGroup.Removed, "A pointer to another article; kept in relatedLinks."),
        new("topic-tags", BlockGroup.Removed, "Subjects and keywords; kept in tags."),
        new("navigation", BlockGroup.Removed, "Menus, breadcrumbs, sections and pages."),
        new("newsletter", BlockGroup.Removed, "An invitation to a newsletter, an alert, an app or a channel."),
        new("paywall", BlockGroup.Removed, "A subscription notice; where it cuts the body off, representationType is partial."),
        new("donation", BlockGroup.Removed, "An appeal for support."),
        new("advertisement", BlockGroup.Removed, "An advertisement, or the word that marks one."),
        new("affiliate-disclosure", BlockGroup.Removed, "A statement that links earn a commission."),
        new("interaction", BlockGroup.Removed, "Comments, votes, corrections from readers and the invitations to them."),
        new("reading-time", BlockGroup.Removed, "How long reading or listening takes."),
        new("timestamp", BlockGroup.Removed, "A time that is not the date of publication, such as that of an update."),
        new("crawl-artefact", BlockGroup.Removed, "What a crawler or a converter put into the text."),
        new("automation-notice", BlockGroup.Removed, "A statement that a machine wrote, translated or syndicated the copy."),
        new("reporter-credit", BlockGroup.Removed, "Who reported, wrote and edited, as wires put it below the story."),
        new("author-bio", BlockGroup.Removed, "A sentence or two about the author, and ways to reach them."),
        new("desk-initials", BlockGroup.Removed, "The initials of desk and writer."),
        new("end-mark", BlockGroup.Removed, "The mark that ends wire copy."),
        new("syndication-credit", BlockGroup.Removed, "The line that says by whom the copy was supplied, or by whose leave it is reprinted."),
        new("copyright", BlockGroup.Removed, "A copyright or rights notice; kept in copyrightNotice."),
        new("standards-note", BlockGroup.Removed, "The publisher's statement about its standards or its sources."),
        new("print-reference", BlockGroup.Removed, "Where the article stood, or goes on, in the printed edition."),
        new("wire-header", BlockGroup.Removed, "Transmission lines above wire copy: numbers, priority, word count."),
        new("wire-trailer", BlockGroup.Removed, "Transmission lines below wire copy."),
        new("editor-note", BlockGroup.Removed, "A note to editors; kept in edNote."),
        new("correction", BlockGroup.Removed, "A note that something was corrected; kept in correction."),
        new("press-release", BlockGroup.Removed, "The contacts and the company's description of a press release."),
        new("database-header", BlockGroup.Removed, "Labelled lines of an archive or a press database."),
        new("legal-notice", BlockGroup.Removed, "Disclaimers, cookie and privacy notices."),
        new("repetition", BlockGroup.Removed, "A line that stands in the text already, such as a second headline."),
        new("trailer", BlockGroup.Removed, "A line below the story that says where it was published."),
        new("furniture", BlockGroup.Removed, "A line of the page that no rule knows, by the line scorer, and signs without words."),
    ];
}
