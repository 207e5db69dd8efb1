namespace Ingest.Core.Normalisation.Exports;

/// <summary>Divides what a database exported together: a file of Nexis, Factiva or ProQuest may hold some hundred documents.</summary>
internal static class ExportParts
{
    /// <summary>Documents that a text is divided into; what stands behind them stays with the last.</summary>
    public const int Most = 1000;

    /// <summary>Labels of a document, one that ends it included.</summary>
    const int LeastLabels = 2;

    /// <summary>
    /// Where each document begins in the text; the first at 0, so that a cover page goes with it, as what stands behind the last goes with that.
    /// Empty where there are not two.
    /// </summary>
    public static IReadOnlyList<int> Of(string text)
    {
        if (ExportForms.Of(text) is not { } form)
            return [];
        var lines = ExportLine.Read(text, form);
        var begins = new List<int>();
        for (int from = 0, to; from < lines.Count && begins.Count < Most; from = to)
        {
            to = NextDivide(lines, from);
            // What is no document belongs to the one before, and above the first to that.
            if (IsDocument(lines, from, to))
                begins.Add(begins.Count == 0 ? 0 : lines[from].Start - lines[from].Indent);
        }

        return begins.Count > 1 ? begins : [];
    }

    /// <summary>The first line behind <paramref name="from"/> that may be a document's first.</summary>
    static int NextDivide(List<ExportLine> lines, int from)
    {
        // What divides may take more than a line: a rule, and a count under it; a number, and a certificate.
        var begun = false;
        var ended = false;
        for (var i = from; i < lines.Count; i++)
        {
            var role = lines[i].Role;
            if (i > from && (begun && role == ExportRole.Start || ended && role is not (ExportRole.End or ExportRole.Copyright or ExportRole.Rest) && !lines[i].Belongs))
                return i;
            begun |= role != ExportRole.Start;
            ended |= role == ExportRole.End;
        }

        return lines.Count;
    }

    static bool IsDocument(List<ExportLine> lines, int from, int to)
    {
        var labels = new HashSet<int>();
        var text = false;
        for (var i = from; i < to && !(text && labels.Count >= LeastLabels); i++)
        {
            if (lines[i].Label is not { } label)
                text |= !lines[i].Belongs;
            else if (label.Role is not (ExportRole.Start or ExportRole.Cover or ExportRole.Rest))
                labels.Add(label.Number);
            text |= lines[i].Role is ExportRole.Text or ExportRole.Abstract && !lines[i].IsBare;
        }

        return text && labels.Count >= LeastLabels;
    }
}
