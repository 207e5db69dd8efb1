using Ingest.Core.Normalisation.Characters;

namespace Ingest.Core.Normalisation.Decoding;

/// <summary>Tells text from what is none.</summary>
internal static class Binary
{
    /// <summary>A sign that the text is binary data, or null: a magic number, or control characters in more than a few places.</summary>
    public static string? Sign(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("%PDF-"))
            return "it begins like a PDF file";
        if (text.StartsWith("PK\u0003\u0004"))
            return "it begins like a ZIP archive";
        // A sample from the front: data is strange from its first kilobyte on.
        var sample = text.Length > 65536 ? text[..65536] : text;
        int controls = 0, replaced = 0;
        foreach (var c in sample)
        {
            if (c < ' ' && !Chars.Is(c, CharClass.Space)
                && c is not ('\u0016' or '\u0013' or '\u0002' or '\u0003' or '\u0001' or '\u0004' or '\b' or '\u001b'))
                controls++;
            else if (c == '\ufffd')
                replaced++;
        }

        if (controls > 2 && controls * 100 > sample.Length)
            return $"{controls} of its first {sample.Length} characters are control characters";
        return replaced > 8 && replaced * 10 > sample.Length
            ? $"{replaced} of its first {sample.Length} characters could not be decoded"
            : null;
    }
}
