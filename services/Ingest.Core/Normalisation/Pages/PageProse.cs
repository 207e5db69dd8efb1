namespace Ingest.Core.Normalisation.Pages;

/// <summary>Where on a page the running text stands.</summary>
internal static class PageProse
{
    const int LeastLength = 60;

    /// <summary>Weighs each element by the text inside it.</summary>
    public static void Weigh(Page page)
    {
        foreach (var line in page.Lines)
        {
            var prose = IsProse(line) ? line.Length : 0;
            for (var element = line.Element; element is not null; element = element.Parent)
            {
                element.Prose += prose;
                element.Linked += line.Linked;
                element.Characters += line.Length;
            }
        }
    }

    /// <summary>Groups the weighed elements with their siblings.</summary>
    public static void Group(Page page)
    {
        var groups = new Dictionary<(PageElement? Parent, uint Look), SiblingGroup>();
        foreach (var line in page.Lines)
            for (var up = line.Element; up is { Siblings: null }; up = up.Parent)
            {
                if (!groups.TryGetValue((up.Parent, up.OwnLook), out var group))
                    groups[(up.Parent, up.OwnLook)] = group = new SiblingGroup();
                (up.Siblings, up.Place) = (group, group.Elements++);
                group.Prose += up.Prose;
            }
    }

    /// <summary>Long and hardly linked: a guess before any word is read.</summary>
    public static bool IsProse(PageLine line) => line.Length >= LeastLength && line.Linked * 3 < line.Length;
}
