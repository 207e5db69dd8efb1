using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>Reads one result, whole or for the decision about stories. The format is told at <see cref="StoredResult"/>.</summary>
ref partial struct ResultReader
{
    /// <summary>Kind, flags, rule, start and length.</summary>
    const int BytesOfBlock = 5;

    const ResultFlags KnownFlags = ResultFlags.Article | ResultFlags.Rejection | ResultFlags.BodyIsBlocks | ResultFlags.Truncated | ResultFlags.Stated;

    readonly string text;
    readonly string normaliser;
    readonly ResultFlags flags;
    StoredReader from;
    int lastEnd;

    public ResultReader(ReadOnlySpan<byte> stored, string text)
    {
        this.text = text;
        from = new StoredReader(StoredResult.Whole(stored), text);
        var version = from.Byte();
        if (version is < StoredResult.FirstVersion or > StoredResult.FormatVersion)
            throw new StoredResultException($"The stored result has format {version}; this program reads formats up to {StoredResult.FormatVersion}. A later version wrote it, or the ledger's row is damaged.");
        var none = 0;
        normaliser = version == StoredResult.FirstVersion ? StoredResult.FirstRules : from.Required(ref none);
        var length = from.Number();
        if (length != text.Length)
            throw new StoredResultException($"The stored result belongs to a text of {length} characters; this one has {text.Length}.");
        flags = (ResultFlags)from.Byte();
        if ((flags & ~KnownFlags) != 0)
            throw from.Fault($"has unknown flags {(int)flags:x}");
    }

    /// <summary>For measuring.</summary>
    internal static bool BodyIsBlocks(ReadOnlySpan<byte> stored, string text) =>
        (new ResultReader(stored, text).flags & ResultFlags.BodyIsBlocks) != 0;

    public NormalisationResult Read()
    {
        var names = new List<string>();
        var blocks = Blocks(names);
        lastEnd = 0;
        var article = (flags & ResultFlags.Article) == 0 ? null : Article(blocks, names);
        var rejection = (flags & ResultFlags.Rejection) == 0
            ? null
            : new Rejection(from.Member(StoredNumbers.Reasons), from.Required(ref lastEnd));
        var notes = Texts();
        return from.AtEnd ? new NormalisationResult(article, rejection, blocks, notes) { Normaliser = normaliser } : throw from.Fault("continues past its end");
    }

    Block[] Blocks(List<string> names)
    {
        var blocks = new Block[from.Count(BytesOfBlock)];
        int? paragraph = null;
        for (var i = 0; i < blocks.Length; i++)
        {
            var kind = from.Member(StoredNumbers.Kinds);
            var bits = BlockBits();
            var rule = Name(names);
            var span = from.Span(ref lastEnd);
            var form = (TextForm)(bits & BlockFlags.Form);
            var none = 0;
            var own = form == TextForm.Utf8 ? from.Required(ref none) : from.Placed(form, span);
            var number = Paragraph(bits, paragraph);
            paragraph = number ?? paragraph;
            blocks[i] = new Block(kind, rule, span, own, number, (bits & BlockFlags.Uncertain) != 0,
                (bits & BlockFlags.Evidence) != 0 ? Name(names) : null, (bits & BlockFlags.Repeated) != 0 ? Repeated(names) : null);
        }

        return blocks;
    }

    Repeated Repeated(List<string> names)
    {
        var articles = from.Number();
        if (articles > int.MaxValue)
            throw from.Fault($"has a block that {articles} articles repeat");
        var ids = new string[from.Count(1)];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = Name(names) ?? throw from.Fault("has a repeated block without an id");
        return new Repeated((int)articles, ids);
    }

    int BlockBits()
    {
        var bits = from.Byte();
        if ((bits & ~BlockFlags.Known) != 0
            || (TextForm)(bits & BlockFlags.Form) is not (TextForm.Place or TextForm.Mended or TextForm.Utf8))
            throw from.Fault($"has a block with unknown flags {bits:x}");
        return bits;
    }

    int? Paragraph(int bits, int? last)
    {
        switch (bits & BlockFlags.Paragraph)
        {
            case BlockFlags.NextParagraph:
                return last is int.MaxValue ? throw from.Fault("has too many paragraphs") : (last ?? -1) + 1;
            case BlockFlags.SameParagraph:
                return last ?? throw from.Fault("continues a paragraph before the first");
            case BlockFlags.NumberedParagraph:
                var number = from.Signed();
                return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw from.Fault($"has a paragraph {number}");
            default:
                return null;
        }
    }

    Article Article(Block[] blocks, List<string> names)
    {
        var headline = from.Text(ref lastEnd);
        var agency = from.Text(ref lastEnd);
        var publisher = from.Text(ref lastEnd);
        var version = from.Text(ref lastEnd);
        var correction = from.Text(ref lastEnd);
        // In the order of the blob: an initialiser runs from the top down.
        var article = new Article
        {
            Headline = headline,
            Agency = agency,
            Publisher = publisher,
            Version = version,
            Correction = correction,
            Truncated = (flags & ResultFlags.Truncated) != 0,
            Body = (flags & ResultFlags.BodyIsBlocks) != 0 ? Body(blocks) : Texts(),
            Profile = from.Member(StoredNumbers.Profiles),
            Bylines = Bylines(),
            Dateline = from.Text(ref lastEnd),
            Published = from.Text(ref lastEnd),
            Language = from.Text(ref lastEnd),
            Url = from.Text(ref lastEnd),
            Slugline = from.Text(ref lastEnd),
            EditorNotes = Texts(),
            CopyrightNotice = from.Text(ref lastEnd),
            Media = Media(),
            Embeds = Embeds(names),
            RelatedLinks = Texts(),
            Tags = Texts(),
            Evidence = Evidence(names),
        };
        return (flags & ResultFlags.Stated) == 0 ? article : article with
        {
            Section = from.Text(ref lastEnd),
            Urgency = Urgency(),
            Embargo = from.Text(ref lastEnd),
            UsageTerms = from.Text(ref lastEnd),
            Status = from.Text(ref lastEnd),
        };
    }

    int? Urgency() => from.Number() switch
    {
        0 => null,
        var urgency and > 0 and <= int.MaxValue => (int)urgency,
        var other => throw from.Fault($"has an urgency {other}"),
    };

    List<string> Body(Block[] blocks)
    {
        var body = new List<string>();
        for (var i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].Paragraph is not { } paragraph)
                continue;
            if (paragraph == body.Count)
            {
                body.Add(blocks[i].Text);
                continue;
            }

            if (paragraph != body.Count - 1)
                throw from.Fault("has paragraphs that are not in order");
            // All that go on at once: one by one would be quadratic.
            var parts = new List<string> { body[^1] };
            for (; i < blocks.Length && (blocks[i].Paragraph is not { } next || next == paragraph); i++)
                if (blocks[i].Paragraph is not null)
                    parts.Add(blocks[i].Text);
            i--;
            body[^1] = string.Join(' ', parts);
        }

        return body;
    }

    Byline[] Bylines()
    {
        var bylines = new Byline[from.Count(2)];
        for (var i = 0; i < bylines.Length; i++)
            bylines[i] = new Byline(from.Required(ref lastEnd), from.Text(ref lastEnd));
        return bylines;
    }

    MediaItem[] Media()
    {
        var media = new MediaItem[from.Count(2)];
        for (var i = 0; i < media.Length; i++)
            media[i] = new MediaItem(from.Required(ref lastEnd), from.Required(ref lastEnd));
        return media;
    }

    SocialEmbed[] Embeds(List<string> names)
    {
        var embeds = new SocialEmbed[from.Count(5)];
        for (var i = 0; i < embeds.Length; i++)
            embeds[i] = new SocialEmbed(Name(names), from.Text(ref lastEnd),
                from.Text(ref lastEnd), from.Text(ref lastEnd), from.Required(ref lastEnd));
        return embeds;
    }

    FieldEvidence[] Evidence(List<string> names)
    {
        var evidence = new FieldEvidence[from.Count(3)];
        var last = 0;
        for (var i = 0; i < evidence.Length; i++)
        {
            var field = Name(names);
            var rule = Name(names);
            evidence[i] = new FieldEvidence(field, rule, from.Byte() switch
            {
                0 => null,
                1 => from.Span(ref last),
                var other => throw from.Fault($"has {other} where evidence with or without a span is expected"),
            });
        }

        return evidence;
    }

    string[] Texts()
    {
        var texts = new string[from.Count(1)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = from.Required(ref lastEnd);
        return texts;
    }

    /// <summary>Null only where null was written.</summary>
    string Name(List<string> names)
    {
        var number = from.Number();
        if (number > names.Count + 1)
            throw from.Fault($"has name {number} after {names.Count} names");
        if (number == 0)
            return null!;
        if (number <= names.Count)
            return names[(int)number - 1];
        // The whole is counted before its parts.
        names.Add("");
        var place = names.Count - 1;
        return names[place] = from.IsReasons(out var percent) ? Reasons.Join(percent, Part(names), Part(names)) : from.Literal();
    }

    string Part(List<string> names)
    {
        var number = from.Number();
        if (number == 0 || number > names.Count + 1)
            throw from.Fault($"has a part of a name with number {number} after {names.Count} names");
        if (number > names.Count)
            names.Add(from.Literal());
        var part = names[(int)number - 1];
        return part.Length <= Reasons.LongestPart ? part : throw from.Fault($"has a part of a name of {part.Length} characters");
    }
}
