using System.Runtime.InteropServices;
using Ingest.Core.Articles;

namespace Ingest.Ledger.Articles;

/// <summary>Texts, as places where they stand in the raw text, and names, as numbers.</summary>
sealed partial class ResultWriter
{
    /// <summary>A text that hardly ever stands in the article as it is: a date, a code, an agency's short name.</summary>
    void Plain(string? value)
    {
        if (value is null)
            to.Number((int)TextForm.Absent);
        else
            to.Literal(value);
    }

    /// <summary>A text that mostly is a block's, or a piece of the raw text.</summary>
    void Text(string? value, ReadOnlySpan<Block> blocks)
    {
        if (value is null || value.Length < Shortest || value.Length > mayPlace)
            Plain(value);
        else if (SameBlock(value, blocks) is { } block && FormOf(block) is var form and not TextForm.Utf8)
            Place(form, block.Span);
        else if (Find(value) is var start and >= 0)
        {
            mayPlace -= value.Length;
            Place(TextForm.Place, new Span(start, value.Length));
        }
        else
            to.Literal(value);
    }

    void Place(TextForm form, Span span)
    {
        to.Number(((long)span.Length << 3) + (int)form);
        to.Signed(span.Start - lastEnd);
        lastEnd = span.End;
    }

    Block? SameBlock(string value, ReadOnlySpan<Block> blocks)
    {
        var steps = (int)Math.Min(blocks.Length, mayCompare);
        for (var i = 0; i < steps; i++)
        {
            if (nextBlock >= blocks.Length)
                nextBlock = 0;
            var block = blocks[nextBlock++];
            if (block.Text == value)
            {
                mayCompare -= i;
                return block;
            }
        }

        mayCompare -= steps;
        return null;
    }

    int Find(string value)
    {
        var probe = value.AsSpan(0, Math.Min(value.Length, LongestProbe));
        for (var from = 0; from + value.Length <= text.Length && maySearch > 0;)
        {
            var ahead = text.AsSpan(from, (int)Math.Min(text.Length - from, maySearch)).IndexOf(probe);
            maySearch -= ahead < 0 ? text.Length - from : ahead + value.Length;
            if (ahead < 0)
                break;
            if (text.AsSpan(from + ahead).StartsWith(value))
                return from + ahead;
            from += ahead + 1;
        }

        return -1;
    }

    /// <summary>0 for none: a block that no rule decided has none, whatever its type says.</summary>
    void Name(string? name)
    {
        if (name is null || ReferenceEquals(name, lastName))
        {
            to.Number(name is null ? 0 : lastNumber);
            return;
        }

        var number = Numbered(name, out var known);
        to.Number(number);
        if (!known && Reasons.Split(name, out var percent, out var first, out var second))
        {
            to.Number(((long)percent << 3) + (int)TextForm.Reasons);
            Part(first);
            Part(second);
        }
        else if (!known)
            to.Literal(name);
        (lastName, lastNumber) = (name, number);
    }

    void Part(ReadOnlySpan<char> name)
    {
        if (namesBySpan.TryGetValue(name, out var number))
        {
            to.Number(number);
            return;
        }

        var part = name.ToString();
        to.Number(Numbered(part, out _));
        to.Literal(part);
    }

    int Numbered(string name, out bool known)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(names, name, out known);
        if (!known)
            number = names.Count;
        return number;
    }
}
