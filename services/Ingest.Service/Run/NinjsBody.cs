using System.Text;
using System.Text.Json.Nodes;
using Ingest.Core.Articles;

namespace Ingest.Service.Run;

/// <summary>The body in its two ninjs forms: XHTML, which tells subheads and lists from paragraphs, and plain text.</summary>
static class NinjsBody
{
    public static JsonArray Of(Article article, IReadOnlyList<Block> blocks)
    {
        if (article.Body.Count == 0)
            return [];
        var plain = string.Join("\n\n", article.Body);
        return
        [
            Form("application/xhtml+xml", Xhtml(article.Body, KindsOf(article, blocks)), plain),
            Form("text/plain", plain, plain),
        ];
    }

    static JsonObject Form(string contentType, string value, string plain) => new()
    {
        ["role"] = "main",
        ["contentType"] = contentType,
        ["charCount"] = plain.EnumerateRunes().Count(r => r.Value != '\n'),
        ["wordCount"] = plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ["value"] = value,
    };

    static BlockKind[] KindsOf(Article article, IReadOnlyList<Block> blocks)
    {
        var kinds = new BlockKind[article.Body.Count];
        foreach (var block in blocks.Reverse())
            if (block.Paragraph is { } at)
                kinds[at] = block.Kind;
        return kinds;
    }

    static string Xhtml(IReadOnlyList<string> body, BlockKind[] kinds)
    {
        var html = new StringBuilder();
        for (var i = 0; i < body.Count; i++)
        {
            if (kinds[i] == BlockKind.ListItem && (i == 0 || kinds[i - 1] != BlockKind.ListItem))
                html.Append("<ul>");
            var (open, close) = kinds[i] switch
            {
                BlockKind.Subhead => ("<h2>", "</h2>"),
                BlockKind.ListItem => ("<li>", "</li>"),
                BlockKind.Quote => ("<blockquote><p>", "</p></blockquote>"),
                _ => ("<p>", "</p>"),
            };
            Escape(html.Append(open), body[i]).Append(close);
            if (kinds[i] == BlockKind.ListItem && (i + 1 == body.Count || kinds[i + 1] != BlockKind.ListItem))
                html.Append("</ul>");
        }

        return $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{html}</div>";
    }

    /// <summary>Also leaves out what XML 1.0 cannot hold at all.</summary>
    static StringBuilder Escape(StringBuilder html, string text)
    {
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                < ' ' and not ('\t' or '\n') or 0xfffe or 0xffff => html,
                _ => html.Append(rune.ToString()),
            };
        return html;
    }
}
