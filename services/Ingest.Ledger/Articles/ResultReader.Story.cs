using System.Buffers;
using Ingest.Core.Deduplication;

namespace Ingest.Ledger.Articles;

/// <summary>The quick way to what the decision about stories needs: names, evidence and texts of removed blocks are passed over.</summary>
ref partial struct ResultReader
{
    public StoryArticle ReadStoryArticle(DateTimeOffset arrival)
    {
        if ((flags & ResultFlags.Article) == 0)
            throw new InvalidOperationException("The stored result is a rejection: it has no article to compare.");
        // Grows where the blocks do not fit; those of a sound result nearly always do.
        var built = ArrayPool<char>.Shared.Rent(text.Length + 256);
        try
        {
            var length = BlocksOfBody(ref built);
            lastEnd = 0;
            var headline = from.Text(ref lastEnd);
            var agency = from.Text(ref lastEnd);
            var publisher = from.Text(ref lastEnd);
            var version = from.Text(ref lastEnd);
            var correction = from.Text(ref lastEnd);
            var body = (flags & ResultFlags.BodyIsBlocks) != 0 ? new string(built, 0, length) : string.Join('\n', Texts());
            return new StoryArticle(body, arrival)
            {
                Headline = headline, Agency = agency, Publisher = publisher, Version = version, Correction = correction
            };
        }
        finally
        {
            ArrayPool<char>.Shared.Return(built);
        }
    }

    /// <summary>The blocks, of which only the text of the body is kept. Returns its length.</summary>
    int BlocksOfBody(ref char[] built)
    {
        var length = 0;
        var names = 0;
        int? paragraph = null;
        for (var count = from.Count(BytesOfBlock); count > 0; count--)
        {
            from.Member(StoredNumbers.Kinds);
            var bits = BlockBits();
            SkipName(ref names);
            var span = from.Span(ref lastEnd);
            var form = (TextForm)(bits & BlockFlags.Form);
            if ((bits & BlockFlags.Paragraph) == 0 || (flags & ResultFlags.BodyIsBlocks) == 0)
            {
                if (form == TextForm.Utf8)
                    from.SkipLiteral();
                if ((bits & BlockFlags.Paragraph) == BlockFlags.NumberedParagraph)
                    from.Signed();
            }
            else
            {
                var none = 0;
                var own = form == TextForm.Utf8 ? from.Required(ref none) : null;
                var number = Paragraph(bits, paragraph);
                if (number != (paragraph ?? -1) + 1 && number != paragraph)
                    throw from.Fault("has paragraphs that are not in order");
                if (paragraph is not null)
                    Room(ref built, length, 1)[0] = number == paragraph ? ' ' : '\n';
                length += paragraph is null ? 0 : 1;
                paragraph = number;
                if (own is null)
                    from.Take(span.Length);
                length += Append(form, own ?? text.AsSpan(span.Start, span.Length), Room(ref built, length, own?.Length ?? span.Length));
            }

            if ((bits & BlockFlags.Evidence) != 0)
                SkipName(ref names);
            if ((bits & BlockFlags.Repeated) == 0)
                continue;
            from.Number();
            for (var ids = from.Count(1); ids > 0; ids--)
                SkipName(ref names);
        }

        return length;
    }

    static int Append(TextForm form, ReadOnlySpan<char> own, Span<char> built)
    {
        if (form == TextForm.Mended)
            return Mending.Mend(own, built);
        own.CopyTo(built);
        return own.Length;
    }

    static Span<char> Room(ref char[] built, int length, int more)
    {
        if (built.Length - length < more)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(2 * built.Length, length + more));
            built.AsSpan(0, length).CopyTo(larger);
            ArrayPool<char>.Shared.Return(built);
            built = larger;
        }

        return built.AsSpan(length);
    }

    void SkipName(ref int names)
    {
        var number = from.Number();
        if (number > names + 1)
            throw from.Fault($"has name {number} after {names} names");
        if (number <= names)
            return;
        names++;
        if (!from.IsReasons(out _))
        {
            from.SkipLiteral();
            return;
        }

        for (var part = 0; part < 2; part++)
        {
            if (from.Number() <= names)
                continue;
            names++;
            from.SkipLiteral();
        }
    }
}
