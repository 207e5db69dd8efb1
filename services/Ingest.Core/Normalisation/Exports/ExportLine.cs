using Ingest.Core.Normalisation.Characters;
using Ingest.Core.Normalisation.Lines;

namespace Ingest.Core.Normalisation.Exports;

/// <summary>A line of a text in the form of a database, without the blanks at its ends.</summary>
/// <param name="Breaks">Line breaks between the line before and this one.</param>
/// <param name="Indent">Blanks before it.</param>
/// <param name="Label">Null where it has none.</param>
/// <param name="Value">Where the label's value stands; <paramref name="End"/> where the label stands alone.</param>
/// <param name="Belongs">It goes on with the value of the label above.</param>
internal readonly record struct ExportLine(int Start, int End, int Breaks, int Indent, ExportLabel? Label, int Value, bool Belongs)
{
    /// <summary>A value that a column cut off is at least as long.</summary>
    const int Wrapped = 50;

    /// <summary>Blanks before a line that hangs under a label's value.</summary>
    const int Hanging = 4;

    public int Length => End - Start;

    public ExportRole? Role => Label?.Role;

    /// <summary>A label without a value on its line.</summary>
    public bool IsBare => Label is not null && Value == End;

    /// <summary>The lines of a text that are not blank, one after another: a text may have millions.</summary>
    public static IEnumerable<ExportLine> Read(string text, ExportForm form)
    {
        var breaks = 0;
        ExportLine? root = null;
        var last = default(ExportLine);
        for (var (at, from) = (0, 0); LineReader.Next(text, ref at, out var start, out var end); breaks++, from = at)
        {
            if (start == end)
                continue;
            var label = ExportForms.LabelOf(form, text.AsSpan(start, end - start), out var value);
            var belongs = label is null && root is { } above && GoesOn(text, above, last, breaks, start - from);
            last = new ExportLine(start, end, breaks, start - from, label, label is null ? start : start + value, belongs);
            if (label is not null)
                root = last;
            else if (!belongs)
                root = null;
            breaks = 0;
            yield return last;
        }
    }

    /// <summary>Does the line behind <paramref name="last"/> go on with the value of a label?</summary>
    static bool GoesOn(string text, ExportLine label, ExportLine last, int breaks, int indent) => label.Role switch
    {
        ExportRole.Rest => true,
        ExportRole.Text or ExportRole.Start or ExportRole.Credit or ExportRole.Foot => false,
        _ when label.IsBare && last == label => breaks <= 2 && label.Role != ExportRole.Heading,
        ExportRole.Copyright => false,
        ExportRole.Length or ExportRole.End => false,
        _ => breaks == 1 && (last.Length >= Wrapped || text[last.End - 1] is ';' or ',' || indent >= Hanging && label.Indent < Hanging),
    };
}
