using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>What came with an article beside its text, as JSON: people look into a ledger with sqlite3, and should be able to read it.</summary>
public static class StoredMetadata
{
    /// <summary>Umlauts and Cyrillic as they are: no browser reads this JSON.</summary>
    static readonly MetadataContext Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The fields other than <see cref="RawArticle.Id"/> and <see cref="RawArticle.Text"/>, which have columns of their own.</summary>
    /// <returns>A JSON object on one line, its names those of a record, without what was not given; null where nothing was given. Half of a
    /// surrogate pair becomes U+FFFD.</returns>
    public static string? Write(RawArticle raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        if (raw is { Url: null, Feed: null, Headline: null, Bylines: null, Agency: null, Publisher: null, Dateline: null, Published: null, Received: null, Language: null, Notes.Count: 0 })
            return null;
        var fields = new MetadataFields
        {
            Url = raw.Url,
            Feed = raw.Feed,
            Headline = raw.Headline,
            Bylines = raw.Bylines,
            Agency = raw.Agency,
            Publisher = raw.Publisher,
            Dateline = raw.Dateline,
            Published = raw.Published,
            Received = raw.Received,
            Language = raw.Language,
            Notes = raw.Notes.Count == 0 ? null : raw.Notes,
        };
        return JsonSerializer.Serialize(fields, Json.MetadataFields);
    }

    /// <summary>The article as it arrived.</summary>
    /// <param name="metadata">What <see cref="Write"/> returned. Names that this program does not know are passed over.</param>
    /// <exception cref="StoredResultException">It is no JSON object, or a field has the wrong type.</exception>
    public static RawArticle Read(string id, string text, string? metadata)
    {
        var article = new RawArticle(id, text);
        if (metadata is null)
            return article;
        MetadataFields fields;
        try
        {
            fields = JsonSerializer.Deserialize(metadata, Json.MetadataFields) ?? throw Fault(id, "is null", null);
        }
        catch (JsonException fault)
        {
            throw Fault(id, $"is not the JSON that was written ({fault.Message})", fault);
        }
        catch (InvalidOperationException fault)
        {
            // What System.Text.Json throws for an escaped half of a surrogate pair.
            throw Fault(id, $"has a text that is none ({fault.Message})", fault);
        }
        catch (ArgumentException fault)
        {
            // And for one that stands in the JSON text itself.
            throw Fault(id, $"has a text that is none ({fault.Message})", fault);
        }

        if (HasNull(fields.Bylines) || HasNull(fields.Notes))
            throw Fault(id, "has null in a list", null);
        return article with
        {
            Url = fields.Url,
            Feed = fields.Feed,
            Headline = fields.Headline,
            Bylines = fields.Bylines,
            Agency = fields.Agency,
            Publisher = fields.Publisher,
            Dateline = fields.Dateline,
            Published = fields.Published,
            Received = fields.Received,
            Language = fields.Language,
            Notes = fields.Notes ?? [],
        };
    }

    static bool HasNull(IReadOnlyList<string?>? list) => list is not null && list.Contains(null);

    static StoredResultException Fault(string id, string what, Exception? cause) => new($"The stored metadata of article '{id}' {what}. The ledger's row is damaged.", cause!);
}

/// <summary>The fields as they stand in the JSON, in this order.</summary>
sealed record MetadataFields
{
    public string? Url { get; init; }
    public string? Feed { get; init; }
    public string? Headline { get; init; }
    public IReadOnlyList<string>? Bylines { get; init; }
    public string? Agency { get; init; }
    public string? Publisher { get; init; }
    public string? Dateline { get; init; }
    public string? Published { get; init; }
    public string? Received { get; init; }
    public string? Language { get; init; }
    public IReadOnlyList<string>? Notes { get; init; }
}

[JsonSerializable(typeof(MetadataFields))]
sealed partial class MetadataContext : JsonSerializerContext;
