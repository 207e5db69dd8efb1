using System.Buffers;
using AngleSharp.Dom;

namespace Ingest.Core.Normalisation.Pages;

/// <summary>Which elements say that they hold an author's name or a date.</summary>
internal static class PageRoles
{
    /// <summary>Folders of a site in which its authors have their pages.</summary>
    static readonly SearchValues<string> AuthorFolders = SearchValues.Create(
        ["/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/contributor/", "/contributors/", "/writer/", "/writers/", "/journalist/", "/journalists/", "/staff/", "/byline/", "/reporter/", "/by/"],
        StringComparison.OrdinalIgnoreCase);

    public static PageRole Of(IElement element)
    {
        if (element.Attributes.Length == 0)
            return element.LocalName == "time" ? PageRole.Date : PageRole.None;
        var role = ClassWords.RoleOf(element.GetAttribute("class")) | ClassWords.RoleOf(element.GetAttribute("id"));
        if (element.GetAttribute("itemprop") is { } property)
            role |= property switch
            {
                "author" or "creator" => PageRole.Author | PageRole.Sure,
                "datePublished" or "dateCreated" => PageRole.Date | PageRole.Sure,
                _ => PageRole.None,
            };
        if (element.LocalName == "time")
            role |= PageRole.Date;
        if (element.LocalName == "a" && (IsAuthor(element.GetAttribute("rel")) || LeadsToAuthor(element.GetAttribute("href"))))
            role |= PageRole.Author | PageRole.Sure;
        return role;
    }

    static bool IsAuthor(string? relation) => string.Equals(relation, "author", StringComparison.OrdinalIgnoreCase);

    /// <summary>"/authors/anna-weir", and not the list of all of them.</summary>
    static bool LeadsToAuthor(string? address)
    {
        const int Longest = 500;
        if (address is not { Length: < Longest } || address.AsSpan().IndexOfAny(AuthorFolders) is not (>= 0 and var at))
            return false;
        var folder = address.IndexOf('/', at + 1);
        return folder + 1 < address.TrimEnd('/').Length;
    }
}
