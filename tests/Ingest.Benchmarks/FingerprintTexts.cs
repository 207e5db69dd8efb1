using System.Text;

namespace Ingest.Benchmarks;

/// <summary>
/// Texts of 3,000 characters from the commonest words of a language, in random order: what a kernel sees of an article is
/// the lengths of its words.
/// </summary>
static class FingerprintTexts
{
    const int Length = 3000;

    /// <summary>Enough that neither texts nor branches are remembered.</summary>
    public const int Count = 400;

    static readonly string[] English = """
        the of and to in a is that for it was on are as with his they at be this from have or by had not but what some we can out other were all
        there when up use your how said an each she which do their time if will way about many then them write would like so these her long make thing see
        him two has look more day could go come did number sound no most people my over know water than call first who may down side been now find
        harbour minister government yesterday announced international percent million agreement spokesman according investigation parliament company
        president economic development officials responsible administration negotiations election committee statement security approximately
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    static readonly string[] Russian = """
        и в не на я быть он с что а по это она этот к но они мы весь который из у свой за для от так как же вы мочь о год если до человек один ещё
        сказать себя или такой только время когда говорить первый другой уже можно самый страна правительство президент заявил сообщил агентство
        министр вчера компания процент миллион решение переговоры международный безопасность развитие экономический представитель соглашение
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    const string Chinese = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从";

    public static IEnumerable<(string Name, string[] Texts)> All()
    {
        yield return ("English", [.. Seeded(r => Words(English, r, ", ", ". "))]);
        yield return ("English, curly quotes", [.. Seeded(r => Words(English, r, "’s ", "” — “"))]);
        yield return ("Russian", [.. Seeded(r => Words(Russian, r, ", ", ". "))]);
        yield return ("Chinese", [.. Seeded(Characters)]);
    }

    static IEnumerable<string> Seeded(Func<Random, string> make) => Enumerable.Range(0, Count).Select(i => make(new Random(i)));

    static string Words(string[] words, Random random, string comma, string stop)
    {
        var text = new StringBuilder(Length + 40);
        while (text.Length < Length)
        {
            var word = words[random.Next(words.Length)];
            text.Append(random.Next(8) == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word);
            text.Append(random.Next(24) switch { 0 => stop, 1 or 2 => comma, _ => " " });
        }

        return text.ToString(0, Length);
    }

    static string Characters(Random random)
    {
        var text = new StringBuilder(Length);
        while (text.Length < Length)
            text.Append(random.Next(14) == 0 ? '，' : Chinese[random.Next(Chinese.Length)]);
        return text.ToString();
    }
}
