using System.Collections.Frozen;
using Ingest.Core.Normalisation.Lines;
using Ingest.Core.Normalisation.Words;

namespace Ingest.Core.Normalisation.Exports;

/// <summary>The forms of <c>exports.txt</c>, and which of them a text has.</summary>
internal static class ExportForms
{
    /// <summary>A text has a form where so many of its labels are found, and they weigh so much together.</summary>
    const int LeastLabels = 2, LeastWeight = 5;

    /// <summary>The same for those that are telling.</summary>
    const int LeastTelling = 4;

    /// <summary>What a label weighs, by the marks behind its role.</summary>
    static readonly int[] Weights = [1, 2, 4];

    static readonly List<ExportForm> Forms = Read(Resource.Lines("exports.txt"));

    static readonly FrozenDictionary<int, ExportLabel[]> ByOpening =
        Forms.SelectMany(f => f.Labels).GroupBy(l => l.Opening).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    static readonly HashFilter Openings = HashFilter.Of(ByOpening.Keys.Select(o => (uint)o));

    static readonly int Labels = Forms.Sum(f => f.Labels.Count);

    /// <summary>The form of a text; null where it has none, as nearly all texts.</summary>
    /// <remarks>Tried: a first pass that looks for telling labels alone. It is no faster: what costs is the pass, not the labels.</remarks>
    public static ExportForm? Of(string text)
    {
        Span<bool> seen = stackalloc bool[Labels];
        Span<int> weights = stackalloc int[Forms.Count], found = stackalloc int[Forms.Count], telling = stackalloc int[Forms.Count];
        for (var at = 0; LineReader.Next(text, ref at, out var start, out var end);)
        {
            if (start == end)
                continue;
            var opening = ExportLabel.OpeningOf(text.AsSpan(start, end - start));
            if (!Openings.MayHave((uint)opening) || !ByOpening.TryGetValue(opening, out var candidates))
                continue;
            ExportForm? matched = null;
            foreach (var label in candidates)
            {
                // A line counts once for a form: the longest of its labels.
                if (label.Form == matched || !label.Matches(text.AsSpan(start, end - start), out _))
                    continue;
                matched = label.Form;
                if (seen[label.Number] || label.Role is ExportRole.Cover or ExportRole.Rest)
                    continue;
                seen[label.Number] = true;
                found[label.Form.Number]++;
                telling[label.Form.Number] += label.IsTelling ? label.Weight : 0;
                weights[label.Form.Number] += label.Weight;
            }
        }

        ExportForm? best = null;
        foreach (var form in Forms)
            if (found[form.Number] >= LeastLabels && telling[form.Number] >= LeastTelling && weights[form.Number] >= LeastWeight
                && (best is null || weights[form.Number] > weights[best.Number]))
                best = form;
        return best;
    }

    /// <summary>The label of a form that a line begins with.</summary>
    /// <inheritdoc cref="ExportLabel.Matches"/>
    public static ExportLabel? LabelOf(ExportForm form, ReadOnlySpan<char> line, out int value)
    {
        value = 0;
        if (line.Length > 0 && ByOpening.TryGetValue(ExportLabel.OpeningOf(line), out var candidates))
            foreach (var label in candidates)
                if (label.Form == form && label.Matches(line, out value))
                    return label;
        return null;
    }

    /// <exception cref="FormatException">A line is not of the format; the message names it.</exception>
    internal static List<ExportForm> Read(IEnumerable<string> lines)
    {
        var forms = new List<ExportForm>();
        var number = 0;
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Split(' ') is not [var name, var role, { Length: 2 }])
                throw new FormatException($"'{line}' does not begin with a form, a role, a language of two letters and a colon.");
            var form = forms.Find(f => f.Name == name);
            if (form is null)
                forms.Add(form = new ExportForm(name, forms.Count));
            foreach (var item in line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries))
            {
                if (item.Length == 0)
                    throw new FormatException($"'{line}' has an empty entry.");
                if (role == "order")
                    form.Order = Enum.Parse<ExportOrder>(item, ignoreCase: true);
                else if (role == "edition")
                    form.Editions.Add(item);
                else if (Enum.TryParse<ExportRole>(role.TrimEnd('!'), ignoreCase: true, out var known))
                    form.Labels.Add(new ExportLabel(form, known, Weights[role.Length - role.TrimEnd('!').Length], item, number++));
                else
                    throw new FormatException($"'{line}': there is no role '{role}'.");
            }
        }

        foreach (var form in forms)
            form.Labels.Sort((a, b) => (b.Length, a.IsOpen).CompareTo((a.Length, b.IsOpen)));
        return forms;
    }
}
