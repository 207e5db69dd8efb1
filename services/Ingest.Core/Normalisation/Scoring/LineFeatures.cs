using System.Buffers;
using Ingest.Core.Articles;
using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Documents;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Scoring;

/// <summary>Fills the columns of <see cref="Feature"/> for the lines of a document, as the rules have left it.</summary>
internal static class LineFeatures
{
    public const int Count = (int)Feature.SourceArticles + 1;

    /// <summary>The worst heading where there is none.</summary>
    const float NoHeading = 9;

    /// <summary>True for the segments whose words a reader would take for running text.</summary>
    public static bool IsProse(Segment line) =>
        line.Undecided && (line.Traits.Words >= 12 && Ending(line.Traits.Last) > 0 || line.Traits.Words >= 25);

    /// <param name="lexicon">Null where the text is not English: then words say nothing.</param>
    public static void Fill(Document document, ReadOnlySpan<Segment> lines, Lexicon? lexicon, Columns table)
    {
        var floats = ArrayPool<float>.Shared.Rent(lines.Length * 2);
        var queue = ArrayPool<int>.Shared.Rent(lines.Length);
        var prose = ArrayPool<bool>.Shared.Rent(lines.Length);
        var scratch = floats.AsSpan(0, lines.Length);
        var weights = floats.AsSpan(lines.Length, lines.Length);
        for (var i = 0; i < lines.Length; i++)
            prose[i] = IsProse(lines[i]);
        Own(document, lines, table);
        Neighbours(table);
        Prose(prose.AsSpan(0, lines.Length), table);
        Repeated(document, lines, prose.AsSpan(0, lines.Length), table, scratch, weights);
        table[Feature.HeadingWorst10].Fill(NoHeading);
        table[Feature.HeadingWorst30].Fill(NoHeading);
        if (lexicon is not null)
            Words(document, lines, lexicon, prose.AsSpan(0, lines.Length), table, scratch, weights, queue);
        Decided(lines, table, scratch);
        Comments(lines, prose.AsSpan(0, lines.Length), table);
        Headline(document, lines, table);
        if (document.Source.Articles > 0)
            OfSource(document, lines, table, scratch);
        if (table.Own > Count)
            PageFeatures.Fill(document, lines, table, scratch);
        ArrayPool<float>.Shared.Return(floats);
        ArrayPool<int>.Shared.Return(queue);
        ArrayPool<bool>.Shared.Return(prose);
    }

    static void Own(Document document, ReadOnlySpan<Segment> lines, Columns table)
    {
        Span<float> count = table[Feature.Words], length = table[Feature.Length],
            ending = table[Feature.Ending], capitals = table[Feature.Capitals];
        Span<float> digits = table[Feature.Digits], start = table[Feature.Start],
            separators = table[Feature.Separators], quotes = table[Feature.Quotes];
        Span<float> commas = table[Feature.Commas], sentences = table[Feature.Sentences], address = table[Feature.Address];
        var stopWords = table[Feature.StopWords];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            ref readonly var traits = ref line.Traits;
            var words = (float)traits.Words;
            var share = 1 / (words + 1);
            count[i] = words;
            length[i] = line.Length;
            ending[i] = Ending(traits.Last);
            capitals[i] = words == 0 ? -1 : traits.Capitalised / words;
            digits[i] = (float)traits.Digits / (traits.Letters + traits.Digits + 1);
            start[i] = Start(document.Text[line.Start]);
            separators[i] = traits.Separators * share;
            quotes[i] = traits.Quotes * share;
            commas[i] = traits.Commas * share;
            sentences[i] = traits.Sentences;
            stopWords[i] = traits.StopWords * share;
            address[i] = traits.HasUrl ? 2 : traits.HasHandle ? 1 : 0;
        }
    }

    static int Ending(char last) => last switch
    {
        '!' or '！' => 2,
        '?' or '？' or '؟' => 1,
        ':' or '：' => -1,
        ',' or ';' => -2,
        _ => Chars.Is(last, CharClass.Terminal) ? 3 : 0,
    };

    static int Start(char first)
    {
        var class_ = Chars.Class(first);
        if ((class_ & CharClass.Bullet) != 0 || first is '*' or '→' or '-' or '–' or '—')
            return 4;
        return (class_ & CharClass.Digit) != 0 ? 3 : (class_ & CharClass.Lower) != 0 ? 2 : (class_ & CharClass.Opener) != 0 ? 1 : 0;
    }

    static void Neighbours(Columns table)
    {
        ReadOnlySpan<float> words = table[Feature.Words];
        Windows.Shift(table[Feature.Ending], 1, -3, table[Feature.EndingNext]);
        Windows.Shift(table[Feature.Capitals], 1, -1, table[Feature.CapitalsNext]);
        Windows.Shift(words, 1, -1, table[Feature.WordsNext]);
        Windows.Shift(words, -1, -1, table[Feature.WordsPrevious]);
        Windows.MeanBefore(table[Feature.StopWords], 5, table[Feature.StopWordsBefore5]);
        Windows.MeanBehind(table[Feature.StopWords], 5, table[Feature.StopWordsBehind5]);
        Windows.MeanBefore(words, 5, table[Feature.MeanWordsBefore5]);
        Windows.MeanBefore(words, 12, table[Feature.MeanWordsBefore12]);
        Windows.MeanBehind(words, 2, table[Feature.MeanWordsBehind2]);
        Windows.MeanBehind(words, 5, table[Feature.MeanWordsBehind5]);
        Windows.MeanBehind(words, 12, table[Feature.MeanWordsBehind12]);
    }

    static void Prose(ReadOnlySpan<bool> prose, Columns table)
    {
        ReadOnlySpan<float> words = table[Feature.Words];
        float all = 0, running = 0;
        for (var i = 0; i < words.Length; i++)
        {
            all += words[i];
            running += prose[i] ? words[i] : 0;
        }

        table[Feature.ProseShare].Fill(running / Math.Max(1, all));
        Span<float> previous = table[Feature.WordsOfPreviousProse],
            proseBefore = table[Feature.ProseBefore], proseBehind = table[Feature.ProseBehind];
        Span<float> shareBefore = table[Feature.ProseShareBefore],
            shareBehind = table[Feature.ProseShareBehind], wordsBefore = table[Feature.WordsBefore];
        Span<float> linesBefore = table[Feature.LinesBefore], linesBehind = table[Feature.LinesBehind];
        float before = 0, passed = 0, last = -1, share = 1 / Math.Max(1, running);
        for (var i = 0; i < words.Length; i++)
        {
            var own = prose[i] ? words[i] : 0;
            var behind = running - passed - own;
            previous[i] = last;
            proseBefore[i] = passed;
            proseBehind[i] = behind;
            shareBefore[i] = passed * share;
            shareBehind[i] = behind * share;
            wordsBefore[i] = before;
            linesBefore[i] = i;
            linesBehind[i] = words.Length - 1 - i;
            before += words[i];
            passed += own;
            if (prose[i])
                last = words[i];
        }

        for (int start = 0, end; start < words.Length; start = end)
        {
            float sum = 0;
            for (end = start; end < words.Length && prose[end] == prose[start]; end++)
                sum += words[end];
            table[Feature.Run][start..end].Fill(prose[start] ? start - end : end - start);
            table[Feature.RunWords][start..end].Fill(sum);
        }
    }

    static void Repeated(Document document, ReadOnlySpan<Segment> lines,
        ReadOnlySpan<bool> prose, Columns table, Span<float> scratch, Span<float> weights)
    {
        Repeats.Copies(lines, document.Words, table[Feature.Copies], table[Feature.CopiesBefore]);
        ReadOnlySpan<float> copies = table[Feature.Copies];
        for (var i = 0; i < lines.Length; i++)
            scratch[i] = copies[i] > 1 ? 1 : 0;
        Windows.MeanBefore(scratch, 8, table[Feature.CopiedBefore8]);
        Windows.MeanBehind(scratch, 8, table[Feature.CopiedBehind8]);
        for (var i = 0; i < lines.Length; i++)
            scratch[i] = DateWords.Has(document.Words.Of(lines[i].Words)) ? 1 : 0;
        Windows.MeanBefore(scratch, 6, table[Feature.DatesBefore6]);
        Repeats.Shared(lines, document.Words, prose, table[Feature.Shared], table[Feature.SharedLines]);
        ReadOnlySpan<float> shared = table[Feature.Shared];
        ReadOnlySpan<float> words = table[Feature.Words];
        for (var i = 0; i < lines.Length; i++)
        {
            scratch[i] = Math.Max(0, shared[i]);
            weights[i] = words[i] + 0.1f;
        }

        Windows.MeanBefore(scratch, weights, 8, table[Feature.SharedBefore8]);
        Windows.MeanBehind(scratch, weights, 8, table[Feature.SharedBehind8]);
    }

    static void Words(Document document, ReadOnlySpan<Segment> lines, Lexicon lexicon,
        ReadOnlySpan<bool> prose, Columns table, Span<float> scratch, Span<float> weights, Span<int> queue)
    {
        Span<uint> items = stackalloc uint[Lexicon.MaxItems];
        var own = table[Feature.Lexical];
        ReadOnlySpan<float> words = table[Feature.Words];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Lexical.By != lexicon)
            {
                var score = lexicon.Score(document.Words.Of(lines[i].Words), items);
                lines[i].Lexical = (lexicon, score.Line, score.Heading);
            }

            var (_, line, heading) = lines[i].Lexical;
            own[i] = line;
            scratch[i] = IsHeading(lines[i], prose[i]) ? heading : NoHeading;
            weights[i] = words[i] + 0.5f;
        }

        Windows.LeastBefore(scratch, 10, NoHeading, queue, table[Feature.HeadingWorst10]);
        Windows.LeastBefore(scratch, 30, NoHeading, queue, table[Feature.HeadingWorst30]);
        for (var i = 0; i < lines.Length; i++)
            scratch[i] = Math.Min(scratch[i], 0);
        Windows.MeanBefore(scratch, 10, table[Feature.HeadingMean10]);
        Windows.Shift(own, -1, 0, table[Feature.LexicalPrevious]);
        Windows.Shift(own, 1, 0, table[Feature.LexicalNext]);
        Windows.MeanBefore(own, 3, table[Feature.LexicalBefore3]);
        Windows.MeanBehind(own, 3, table[Feature.LexicalBehind3]);
        Windows.MeanBefore(own, 10, table[Feature.LexicalBefore10]);
        Windows.MeanBehind(own, 10, table[Feature.LexicalBehind10]);
        Windows.MeanBefore(own, 40, table[Feature.LexicalBefore40]);
        Windows.MeanBehind(own, 40, table[Feature.LexicalBehind40]);
        Windows.MeanBehind(own, weights, 10, table[Feature.LexicalWordsBehind10]);
    }

    /// <summary>A line that may head others: short and no prose.</summary>
    public static bool IsHeading(Segment line, bool prose) => line.Traits.Words <= 8 && !prose;

    static void Decided(ReadOnlySpan<Segment> lines, Columns table, Span<float> scratch)
    {
        Span<float> closed = table[Feature.SinceClosing], closings = table[Feature.ClosingBefore], headed = table[Feature.SinceHead];
        int closing = 0, sinceClosing = 99, sinceHead = -2;
        foreach (var line in lines)
            if (!line.Undecided && IsHead(line.Kind))
                sinceHead = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            scratch[i] = !line.Undecided && line.Kind.IsRemoved() ? 1 : 0;
            closed[i] = sinceClosing;
            closings[i] = closing;
            headed[i] = sinceHead;
            if (sinceHead >= 0 || !line.Undecided && IsHead(line.Kind))
                sinceHead = !line.Undecided && IsHead(line.Kind) ? 0 : Math.Min(99, sinceHead + 1);
            if (!line.Undecided && Closes(line.Kind))
            {
                closing++;
                sinceClosing = 0;
            }
            else
            {
                sinceClosing = Math.Min(99, sinceClosing + 1);
            }
        }

        Windows.MeanBefore(scratch, 5, table[Feature.RemovedBefore5]);
        Windows.MeanBehind(scratch, 5, table[Feature.RemovedBehind5]);
        Windows.MeanBefore(scratch, 15, table[Feature.RemovedBefore15]);
        Windows.MeanBehind(scratch, 15, table[Feature.RemovedBehind15]);
    }

    static void Comments(ReadOnlySpan<Segment> lines, ReadOnlySpan<bool> prose, Columns table)
    {
        const string Heading = "interaction.comments";
        var since = table[Feature.SinceComments];
        float lag = 99, before = 0, passed = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Rule == Heading)
            {
                lag = -1;
                passed = passed < 0 ? before : passed;
            }

            lag = Math.Min(99, lag + 1);
            since[i] = lag;
            before += prose[i] ? lines[i].Traits.Words : 0;
        }

        table[Feature.ProseBeforeComments].Fill(passed < 0 ? 1 : passed / Math.Max(1, before));
    }

    static void Headline(Document document, ReadOnlySpan<Segment> lines, Columns table)
    {
        var with = table[Feature.WithHeadline];
        with.Fill(-1);
        var words = new HashSet<uint>();
        foreach (var line in lines)
            if (line is { Undecided: false, Kind: BlockKind.Headline })
                document.Words.AddContent(line.Words, words);
        if (words.Count > 0)
        {
            // Nearly all words are none of them, and one bit of sixty-four tells that of most.
            var bits = 0UL;
            foreach (var word in words)
                bits |= 1UL << (int)(word & 63);
            for (var i = 0; i < lines.Length; i++)
            {
                var found = 0;
                foreach (var word in document.Words.Of(lines[i].Words))
                    found += (bits >> (int)(word & 63) & 1) != 0 && words.Contains(word) ? 1 : 0;
                with[i] = Math.Min(1, (float)found / words.Count);
            }
        }

        Windows.MeanBefore(with, 5, table[Feature.WithHeadlineBefore5]);
        Windows.MeanBehind(with, 5, table[Feature.WithHeadlineBehind5]);
    }

    static void OfSource(Document document, ReadOnlySpan<Segment> lines, Columns table, Span<float> scratch)
    {
        Span<float> repeats = table[Feature.Repeats], masked = table[Feature.RepeatsMasked], share = table[Feature.RepeatShare];
        table[Feature.SourceArticles].Fill(MathF.Log2(document.Source.Articles + 1));
        for (var i = 0; i < lines.Length; i++)
        {
            repeats[i] = lines[i].Repetition.Others;
            masked[i] = lines[i].Repetition.MaskedOthers;
            share[i] = lines[i].Repetition.Share;
            scratch[i] = masked[i] > 0 ? 1 : 0;
        }

        Windows.MeanBefore(scratch, 5, table[Feature.RepeatedBefore5]);
        Windows.MeanBehind(scratch, 5, table[Feature.RepeatedBehind5]);
    }

    static bool IsHead(BlockKind kind) => kind is BlockKind.Headline or BlockKind.Byline or BlockKind.Published or BlockKind.Dateline;

    static bool Closes(BlockKind kind) =>
        kind is BlockKind.RelatedLink or BlockKind.TopicTags or BlockKind.Newsletter or BlockKind.Interaction or BlockKind.AuthorBio
        or BlockKind.Copyright or BlockKind.ReporterCredit or BlockKind.EndMark
        or BlockKind.SyndicationCredit or BlockKind.Navigation or BlockKind.LegalNotice;
}
