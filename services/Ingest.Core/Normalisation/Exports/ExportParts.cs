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
        var begins = new List<int>();
        var part = new Part(0);
        foreach (var line in ExportLine.Read(text, form))
        {
            if (part.IsDividedBy(line))
            {
                // What is no document belongs to the one before, and above the first to that.
                if (part.IsDocument)
                    begins.Add(begins.Count == 0 ? 0 : part.Start);
                if (begins.Count == Most)
                    break;
                part = new Part(line.Start - line.Indent);
            }

            part.Add(line);
        }

        if (part.IsDocument && begins.Count < Most)
            begins.Add(begins.Count == 0 ? 0 : part.Start);
        return begins.Count > 1 ? begins : [];
    }

    /// <summary>Lines between two that may divide.</summary>
    sealed class Part(int start)
    {
        bool begun, ended, hasText;
        int label = -1, labels;

        /// <summary>Where it begins in the text.</summary>
        public int Start { get; } = start;

        public bool IsDocument => hasText && labels >= LeastLabels;

        /// <summary>
        /// What divides may take more than a line: a rule, and a count under it; a document's number, and a certificate.
        /// </summary>
        public bool IsDividedBy(ExportLine line) => begun && line.Role == ExportRole.Start
            || ended && line.Role is not (ExportRole.End or ExportRole.Copyright or ExportRole.Rest) && !line.Belongs;

        public void Add(ExportLine line)
        {
            begun |= line.Role != ExportRole.Start;
            ended |= line.Role == ExportRole.End;
            hasText |= line.Label is null ? !line.Belongs : line.Role is ExportRole.Text or ExportRole.Abstract && !line.IsBare;
            if (line.Role is null or ExportRole.Start or ExportRole.Cover or ExportRole.Rest || line.Label!.Number == label)
                return;
            label = line.Label.Number;
            labels++;
        }
    }
}
