namespace Ingest.Core.Forms.Tables;

/// <summary>What a column, or a member of a record that others made, is for: the one list of their names.</summary>
static class ColumnNames
{
    /// <summary>What holds a part of the text where nothing holds all of it.</summary>
    const string Summaries = "description summary abstract lead leadparagraph excerpt excerptrendered trailtext snippet";

    /// <summary>
    /// Fields, and what others call them, in letters and digits only. The first name of a field wins where there are several; the next is taken
    /// where its cell is blank.
    /// </summary>
    static readonly (string Field, string Names)[] Known =
    [
        ("id", "id articleid docid documentid guid uuid uid externalid storyid newsid postid recordid rowid key slug"),
        ("text", "text body content fulltext articletext articlebody articlecontent bodytext bodyhtml contenthtml html maintext cleantext rawtext textbody"
            + " story storytext article contenttext contentrendered plaintext message document news newstext inhalt texte contenu texto cuerpo testo"),
        ("text", Summaries),
        ("headline", "headline title articletitle headlines heading header webtitle titel titre titulo titolo name subject titlerendered hed"),
        ("bylines", "bylines byline author authors creator creators dccreator writer writers reporter reporters authorname autor auteur journalist contributors"),
        ("published", "published date publishedat publisheddate publicationdate publishdate pubdate datepublished dategmt firstpublished firstpublicationdate"
            + " webpublicationdate publishedon publishedutc articledate created createdat createdate datecreated datetime timestamp time day datum fecha data"),
        ("url", "url link weburl webpage articleurl permalink href address sourceurl canonicalurl uri shorturl"),
        ("publisher", "publisher source sourcename publication newspaper outlet site sitename domain provider newssource journal"),
        ("agency", "agency newsagency wire"),
        ("language", "language lang locale languagecode inlanguage"),
        ("section", "section sectionname category categories topic desk rubric tags"),
        ("dateline", "dateline"),
        ("copyright", "copyright rights copyrightnotice"),
        ("feed", "feed feedname"),
        ("received", "received receivedat"),
    ];

    /// <summary>The rank of the first name of a text that is only a summary of it.</summary>
    public const int FirstSummary = 50;

    static readonly Dictionary<string, (string Field, int Rank)> Fields = Known
        .SelectMany(k => k.Names.Split(' ').Select((n, i) => (Name: n, k.Field, Rank: k.Names == Summaries ? FirstSummary + i : i)))
        .ToDictionary(n => n.Name, n => (n.Field, n.Rank), StringComparer.Ordinal);

    /// <summary>What a column is for: as it is given, else by its name.</summary>
    public static (string Field, int Rank)? Of(string name, ColumnMap given) => given.FieldOf(name) is { } field ? (field, -1) : Of(name);

    /// <summary>What a name is for, and how well it says it, from 0 (best); null where it says nothing that is known.</summary>
    public static (string Field, int Rank)? Of(string name) => Fields.TryGetValue(Letters(name), out var found) ? found : null;

    /// <summary>The letters and digits of a name in lower case: "Pub_Date" is "pubdate".</summary>
    public static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Whether a date under this name is in UTC, although it does not say so.</summary>
    public static bool IsUtc(string name) => Letters(name) is "dategmt" or "publishedutc";
}
