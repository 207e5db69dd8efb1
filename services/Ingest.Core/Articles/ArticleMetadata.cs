using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ingest.Core.Articles;

/// <summary>
/// What is known of an article beside its text: the one list of these fields. What is given here wins over what is read from the text. Null
/// means not given. There are no defaults, so that code which forgets a field does not compile.
/// </summary>
/// <param name="Feed">The feed it came by.</param>
/// <param name="Published">ISO 8601.</param>
/// <param name="Received">ISO 8601: when the submitter received it.</param>
/// <param name="Language">ISO 639-1.</param>
public sealed record ArticleMetadata(
    string? Url,
    string? Feed,
    string? Headline,
    IReadOnlyList<string>? Bylines,
    string? Agency,
    string? Publisher,
    string? Dateline,
    string? Published,
    string? Received,
    string? Language)
{
    /// <summary>The part of the paper or site: Politics, World.</summary>
    public string? Section { get; init; }

    /// <summary>A wire's keyword line.</summary>
    public string? Slugline { get; init; }

    /// <summary>A wire's version, as given: a number, or a mark such as UPDATE 2.</summary>
    public string? Version { get; init; }

    /// <summary>One of <see cref="ArticleStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>1 (flash) to 9.</summary>
    public int? Urgency { get; init; }

    /// <summary>ISO 8601: not to be published before.</summary>
    public string? Embargo { get; init; }

    /// <summary>Who may use it, and how, in the sender's words.</summary>
    public string? UsageTerms { get; init; }

    public string? Copyright { get; init; }

    /// <summary>Nothing is known.</summary>
    public static readonly ArticleMetadata None = new(null, null, null, null, null, null, null, null, null, null);

    /// <summary>The fields that are one text, where given, with their names in a record.</summary>
    internal IEnumerable<(string Name, string Value)> Fields
    {
        get
        {
            (string Name, string? Value)[] all =
            [
                ("url", Url), ("feed", Feed), ("headline", Headline), ("agency", Agency), ("publisher", Publisher), ("dateline", Dateline),
                ("published", Published), ("received", Received), ("language", Language), ("section", Section), ("slugline", Slugline),
                ("version", Version), ("status", Status), ("embargo", Embargo), ("usageTerms", UsageTerms), ("copyright", Copyright),
            ];
            return all.Where(f => f.Value is not null).Select(f => (f.Name, f.Value!));
        }
    }

    /// <summary>What this states, and of the rest what another does.</summary>
    internal ArticleMetadata Or(ArticleMetadata other) => new(
        Url ?? other.Url, Feed ?? other.Feed, Headline ?? other.Headline, Bylines ?? other.Bylines, Agency ?? other.Agency, Publisher ?? other.Publisher,
        Dateline ?? other.Dateline, Published ?? other.Published, Received ?? other.Received, Language ?? other.Language)
    {
        Section = Section ?? other.Section,
        Slugline = Slugline ?? other.Slugline,
        Version = Version ?? other.Version,
        Status = Status ?? other.Status,
        Urgency = Urgency ?? other.Urgency,
        Embargo = Embargo ?? other.Embargo,
        UsageTerms = UsageTerms ?? other.UsageTerms,
        Copyright = Copyright ?? other.Copyright,
    };

    /// <summary>
    /// A JSON object on one line, without the fields that were not given; null where none was. Half of a surrogate pair becomes U+FFFD.
    /// </summary>
    public string? ToJson() => this == None ? null : JsonSerializer.Serialize(this, MetadataJson.Readable.ArticleMetadata);

    /// <param name="json">What <see cref="ToJson"/> returned. Names that this program does not know are passed over.</param>
    /// <exception cref="FormatException">It is no JSON object, or a field has the wrong type.</exception>
    public static ArticleMetadata FromJson(string? json)
    {
        if (json is null)
            return None;
        try
        {
            var fields = JsonSerializer.Deserialize(json, MetadataJson.Readable.ArticleMetadata) ?? throw new FormatException("is null");
            return fields.Bylines?.Contains(null!) == true ? throw new FormatException("has null in a list") : fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // The last two are what the library throws for half of a surrogate pair, escaped or not.
            throw new FormatException($"is not the JSON that was written ({e.Message})", e);
        }
    }
}

/// <summary>As people look into a ledger with sqlite3, umlauts and Cyrillic stand as they are: no browser reads this JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ArticleMetadata))]
sealed partial class MetadataJson : JsonSerializerContext
{
    public static readonly MetadataJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
