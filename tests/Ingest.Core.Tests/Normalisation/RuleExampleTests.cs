using Ingest.Core.Articles;
using Ingest.Core.Normalisation;
using Ingest.Core.Normalisation.Pages;
using Ingest.Core.Normalisation.Phrases;
using Ingest.Core.Normalisation.Sources;

namespace Ingest.Core.Tests.Normalisation;

/// <summary>Every rule comes with a text that it decides and a near-miss that stays in the body: here both are held to.</summary>
public class RuleExampleTests
{
    const string Headline = "Harbour opens again";
    const string First = "The harbour opened again on Monday after three weeks of repairs, the authority said.";
    const string Last = "Ships were waiting in a long line outside the breakwater.";

    static readonly Normaliser Normaliser = new();

    static IEnumerable<PhraseRule> DecidingPhraseRules => PhraseRule.Default.Where(r => r.MaxWords != 0);

    public static TheoryData<string> PhraseRuleNames => [.. DecidingPhraseRules.Select(r => r.Name)];

    public static TheoryData<string> GluedRuleNames => [.. DecidingPhraseRules.Where(r => r.Glued).Select(r => r.Name)];

    public static TheoryData<string> CodeRuleNames => [.. Normaliser.Notes.Select(n => n.Name)];

    [Theory]
    [MemberData(nameof(PhraseRuleNames))]
    public void A_phrase_rule_decides_its_example(string name)
    {
        var rule = Rule(name);
        foreach (var example in rule.Positives)
        {
            var raw = Place(example, rule);
            var block = BlockAt(raw, example);
            Assert.True(block.Rule == name && block.Kind == rule.Kind, $"'{example}' was decided by {block.Rule} as {block.Kind}.");
        }
    }

    [Theory]
    [MemberData(nameof(PhraseRuleNames))]
    public void A_phrase_rule_leaves_its_near_miss_in_the_body(string name)
    {
        var rule = Rule(name);
        foreach (var example in rule.NearMisses)
        {
            var raw = Place(example, rule);
            var block = BlockAt(raw, example);
            Assert.True(block.Kind.IsBody() && block.Span.End >= raw.IndexOf(example, StringComparison.Ordinal) + example.Length,
                $"'{example}' was decided by {block.Rule} as {block.Kind}: '{BlockText(raw, block)}'.");
        }
    }

    [Theory]
    [MemberData(nameof(GluedRuleNames))]
    public void A_glued_rule_cuts_its_example_off_the_last_paragraph(string name)
    {
        var rule = Rule(name);
        foreach (var example in rule.Positives)
        {
            var raw = $"{Headline}\n\n{First}\n\n{Last} {example}";
            var result = Normaliser.Normalise(new ArticleText(raw));
            var start = raw.IndexOf(example, StringComparison.Ordinal);
            var blocks = result.Blocks.Where(b => b.Span.Start >= raw.IndexOf(Last, StringComparison.Ordinal)).ToList();
            Assert.Contains(blocks, b => b.Rule == name);
            Assert.DoesNotContain(blocks, b => b.Kind.IsBody() && b.Span.End > start);
            Assert.Contains(blocks, b => b.Kind.IsBody() && BlockText(raw, b) == Last);
        }
    }

    [Theory]
    [MemberData(nameof(CodeRuleNames))]
    public void A_rule_in_code_decides_its_example(string name)
    {
        foreach (var note in Normaliser.Notes.Where(n => n.Name == name))
        {
            var (snippet, whole) = Whole(note.Positive);
            ArticleText article = note.Positive.IsHtml ? PageReader.Read(whole, ArticleMetadata.None, []) : new ArticleText(whole);
            var raw = article.Text;
            var result = Normaliser.Normalise(article, Source(note.Positive));
            Assert.True(result.Blocks.Any(
                b => b.Rule == name && b.Kind == note.Kind && BlockText(raw, b).StartsWith(snippet, StringComparison.Ordinal)),
                Explain(raw, result));
        }
    }

    [Theory]
    [MemberData(nameof(CodeRuleNames))]
    public void A_rule_in_code_leaves_its_near_miss_in_the_body(string name)
    {
        foreach (var note in Normaliser.Notes.Where(n => n.Name == name))
        {
            var (snippet, whole) = Whole(note.NearMiss);
            ArticleText article = note.NearMiss.IsHtml ? PageReader.Read(whole, ArticleMetadata.None, []) : new ArticleText(whole);
            var raw = article.Text;
            var result = Normaliser.Normalise(article, Source(note.NearMiss));
            Assert.True(result.Blocks.Any(
                b => b.Kind.IsBody() && BlockText(raw, b).Contains(snippet, StringComparison.Ordinal)),
                Explain(raw, result));
        }
    }

    [Fact]
    public void Every_rule_has_one_name_an_example_and_a_near_miss()
    {
        var names = DecidingPhraseRules.Select(r => r.Name).Concat(Normaliser.Notes.Select(n => n.Name)).ToList();
        Assert.Equal(names.Distinct().Order(), names.Order());
        Assert.All(names, n => Assert.Matches("^[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*$", n));
        Assert.All(DecidingPhraseRules, r =>
        {
            Assert.True(r.Positives.Count > 0, $"{r.Name} has no positive example.");
            Assert.True(r.NearMisses.Count > 0, $"{r.Name} has no near-miss.");
            Assert.True(r.Phrases.Count > 0, $"{r.Name} has no phrase.");
        });
        Assert.All(Normaliser.Notes, n =>
        {
            Assert.NotEmpty(n.Positive.Snippet);
            Assert.NotEmpty(n.NearMiss.Snippet);
        });
    }

    [Fact]
    public void A_phrase_rule_takes_text_out_of_the_body()
    {
        Assert.All(PhraseRule.Default, r => Assert.True(
            Enum.IsDefined(r.Kind) && !r.Kind.IsBody() && BlockKinds.Parse(r.Kind.Name()) == r.Kind,
            $"{r.Name} is of kind {r.Kind}."));
        Assert.All(Normaliser.Notes, n => Assert.Equal(n.Kind, BlockKinds.Parse(n.Kind.Name())));
    }

    [Fact]
    public void No_phrase_stands_twice_in_a_rule()
    {
        Assert.All(PhraseRule.Default, r =>
        {
            Assert.DoesNotContain(r.Phrases, string.IsNullOrWhiteSpace);
            // The same phrase may stand under two languages that share it.
            Assert.DoesNotContain(r.Phrases, p => p.Length < 2 && char.IsAsciiLetterOrDigit(p[0]) && r.Zone == Zone.Any);
        });
    }

    [Theory]
    [InlineData("kind embed", "kind embed")]
    [InlineData("rule a.b\nwhat is this", "what is this")]
    [InlineData("rule a.b\nkind no-such-kind", "no-such-kind")]
    [InlineData("rule a.b\nrule a.b", "a.b")]
    [InlineData("rule a.b\nmatch sideways", "match sideways")]
    [InlineData("rule a.b\nzone nowhere", "zone nowhere")]
    [InlineData("rule a.b\nwords many", "words many")]
    public void A_line_that_is_not_of_the_format_is_named(string text, string named)
    {
        var error = Assert.Throws<FormatException>(() => PhraseRule.Parse(text.Split('\n')));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phrase_rule_that_decides_nothing_by_itself_is_read_by_a_step() =>
        Assert.Empty(PhraseRule.Default.Where(r => r.MaxWords == 0).Except(Normaliser.Read).Select(r => r.Name));

    [Fact]
    public void Code_that_reads_a_phrase_rule_under_another_name_is_told_at_its_start()
    {
        Assert.Contains("'notice.murder'", Assert.Throws<InvalidOperationException>(() => PhraseRule.Named("notice.murder")).Message,
            StringComparison.Ordinal);
        Assert.Contains("'notic'", Assert.Throws<InvalidOperationException>(() => PhraseRule.Group("notic")).Message,
            StringComparison.Ordinal);
        Assert.Equal("notice.kill", PhraseRule.Named("notice.kill").Name);
        Assert.All(PhraseRule.Group("notice"), r => Assert.StartsWith("notice.", r.Name, StringComparison.Ordinal));
    }

    static PhraseRule Rule(string name) => PhraseRule.Default.Single(r => r.Name == name);

    /// <summary>A heading gets a title under it: over running text it would be a subhead.</summary>
    static string Place(string line, PhraseRule rule) => Place(rule.Section ? line + "\n\nNew cranes for the east quay" : line, rule.Zone);

    static string Place(string line, Zone zone) => zone switch
    {
        Zone.Head => $"{Headline}\n\n{line}\n\n{First}\n\n{Last}",
        Zone.Tail or Zone.Edge => $"{Headline}\n\n{First}\n\n{Last}\n\n{line}",
        _ => $"{Headline}\n\n{First}\n\n{line}\n\n{Last}",
    };

    static SourceProfile Source(Core.Normalisation.Rules.Example example)
    {
        var history = new SourceHistory();
        foreach (var (number, text) in (example.Earlier ?? []).Index())
            history.Learn(SourceText.Of(new ArticleText(text)), $"{number}");
        return history.Profile;
    }

    static (string Snippet, string Raw) Whole(Core.Normalisation.Rules.Example example) =>
        (example.Snippet, example.Text ?? Place(example.Snippet, Zone.Any));

    static Block BlockAt(string raw, string line)
    {
        var at = raw.IndexOf(line, StringComparison.Ordinal);
        var result = Normaliser.Normalise(new ArticleText(raw));
        return result.Blocks.First(b => b.Span.Start <= at && at < b.Span.End);
    }

    static string BlockText(string raw, Block block) => raw.Substring(block.Span.Start, block.Span.Length);

    static string Explain(string raw, NormalisationResult result) =>
        string.Join('\n', result.Blocks.Select(b => $"{b.Kind} [{b.Rule}] {BlockText(raw, b)}"));
}
