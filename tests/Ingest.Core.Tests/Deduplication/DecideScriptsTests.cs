using System.Text;
using Ingest.Core.Deduplication;

namespace Ingest.Core.Tests.Deduplication;

/// <summary>Copies are found in any script, and strangers of one language are kept apart.</summary>
public class DecideScriptsTests
{
    /// <summary>A script: its letters, how another house would write the same text, and whether blanks separate its words.</summary>
    sealed record Script(string Letters, Func<string, string> Restyled, bool HasBlanks = true);

    static readonly Dictionary<string, Script> All = new()
    {
        ["Latin"] = new("abcdefghijklmnopqrstuvwxyzäöüéèñç", t => t.ToUpperInvariant().Normalize(NormalizationForm.FormD)),
        ["Cyrillic"] = new("абвгдежзийклмнопрстуфхцчшщъыьэюяё", t => t.ToUpperInvariant().Replace('Ё', 'Е')),
        ["Greek"] = new("αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ", t => t.ToUpperInvariant()),
        ["Arabic"] = new("ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
            t => string.Join("ـ", t.Select(c => c + "َ")).Replace(" َ", " ").Replace("ـ ـ", " ")),
        ["Hebrew"] = new("אבגדהוזחטיכלמנסעפצקרשת", t => string.Concat(t.Select(c => c == ' ' ? " " : c + "\u05B7"))),
        ["Devanagari"] = new("कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", t => t.Replace("क", "क़").Replace("फ", "फ़").Replace(' ', '।')),
        ["Thai"] = new("กขคงจฉชซญดตถทธนบปผพภมยรลวศษสหอะาโเแ", t => Spaced(t, " "), HasBlanks: false),
        ["Han"] = new("港务局周五表示新建防波堤将明年春天完工时渡轮可以全停靠船员说水深风大浪高", t => Spaced(t, "，"), HasBlanks: false),
        ["Kana"] = new("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほアイウエオカキクケコ", t => Spaced(t, "、"), HasBlanks: false),
        ["Hangul"] = new("가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허", t => t.Replace(' ', '·')),
    };

    public static TheoryData<string> Scripts() => [.. All.Keys];

    [Theory, MemberData(nameof(Scripts))]
    public void A_copy_in_another_house_style_is_exact(string script)
    {
        var stream = new ArticleStream();
        for (var seed = 0; seed < 5; seed++)
        {
            var text = Text(script, seed);
            var restyled = All[script].Restyled(text);
            Assert.NotEqual(text, restyled);
            var first = stream.Decide(text);
            var decision = stream.Decide(restyled);
            Assert.Equal(first.Number, decision.Story);
            Assert.Equal(Relation.Exact, decision.Match!.Relation);
        }
    }

    [Theory, MemberData(nameof(Scripts))]
    public void Its_first_third_is_an_excerpt(string script)
    {
        var stream = new ArticleStream();
        for (var seed = 0; seed < 5; seed++)
        {
            var text = Text(script, seed);
            var first = stream.Decide(text);
            var decision = stream.Decide(text[..text.IndexOf('\n', text.Length / 3)]);
            Assert.Equal(first.Number, decision.Story);
            Assert.Equal(Relation.Excerpt, decision.Match!.Relation);
        }
    }

    [Theory, MemberData(nameof(Scripts))]
    public void A_lightly_edited_copy_is_near(string script)
    {
        var stream = new ArticleStream();
        var text = Text(script, 1);
        stream.Decide(text);
        var at = text.IndexOf('\n', text.Length / 2);
        var decision = stream.Decide(text[..at] + "\n" + Text(script, 99)[..20] + text[at..]);
        Assert.Equal(1, decision.Story);
        Assert.Equal(Relation.Near, decision.Match!.Relation);
    }

    [Theory, MemberData(nameof(Scripts))]
    public void Other_articles_of_the_same_language_are_other_stories(string script)
    {
        var stream = new ArticleStream();
        for (var seed = 0; seed < 100; seed++)
            Assert.Null(stream.Decide(Text(script, seed)).Match);
    }

    /// <summary>Ten paragraphs of 80 letters, in words of two to eight where the script has blanks.</summary>
    static string Text(string script, int seed)
    {
        var (random, text, (letters, _, hasBlanks)) = (new Random(seed), new StringBuilder(), All[script]);
        for (var paragraph = 0; paragraph < 10; paragraph++)
        {
            var start = text.Length;
            while (text.Length < start + 80)
            {
                for (var n = random.Next(2, 9); n > 0; n--)
                    text.Append(letters[random.Next(letters.Length)]);
                if (hasBlanks)
                    text.Append(' ');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Something between the characters here and there, which is no part of a word.</summary>
    static string Spaced(string text, string between) => string.Concat(text.Select((c, at) => at % 7 == 0 ? c + between : c.ToString()));
}
