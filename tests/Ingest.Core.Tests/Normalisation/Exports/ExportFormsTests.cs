using Ingest.Core.Normalisation.Exports;

namespace Ingest.Core.Tests.Normalisation.Exports;

/// <summary>The table of forms and labels, and which form a text has.</summary>
public class ExportFormsTests
{
    [Theory]
    [InlineData("nexis headline HD …")]
    [InlineData("nexis headline: HD …")]
    [InlineData("nexis headline eng: headline:")]
    [InlineData("nexis nothing en: headline:")]
    [InlineData("nexis headline en: headline: | ")]
    public void A_line_that_is_none_of_the_format_is_named(string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => ExportForms.Read([line])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_form_has_a_label_once() => Assert.All(ExportForms.Read(Resource.Lines("exports.txt")), form =>
    {
        var labels = form.Labels.Select(l => (l.Written, l.Role)).ToList();
        Assert.Equal(labels.Select(l => l.Written).Distinct(StringComparer.Ordinal), labels.Select(l => l.Written));
    });

    [Theory]
    [InlineData("length: # words …", "Length: 1,234 words, with a box", 8)]
    [InlineData("length: # words …", "LENGTH:\u00a0214 words", 8)]
    [InlineData("numéro de document:", "Numéro de document : news·1", 21)]
    [InlineData("HD …", "HD Harbour opens", 3)]
    [InlineData("HD …", "HD", 2)]
    [InlineData("AN document @", "AN Document SKGAZ00020141104eab40001q", 3)]
    [InlineData("copyright # …", "Copyright 2012 Halden", 0)]
    [InlineData("# of # documents", "3 of 12 DOCUMENTS", 0)]
    public void A_label_opens_a_line_and_its_value_stands_behind_it(string label, string line, int value)
    {
        Assert.True(Label(label).Matches(line, out var found));
        Assert.Equal(value, found);
    }

    [Theory]
    [InlineData("length: # words …", "Length: of the pier")]
    [InlineData("headline:", "Headlines: the day's news")]
    [InlineData("HD …", "HDMI cables are dear")]
    [InlineData("HD …", "Hd Harbour opens")]
    [InlineData("document @", "Document 12")]
    [InlineData("# of # documents", "3 of 12 documents were lost")]
    [InlineData("end of document", "The end of document")]
    public void What_only_begins_like_a_label_is_none(string label, string line) => Assert.False(Label(label).Matches(line, out _));

    [Fact]
    public void Few_labels_are_no_form()
    {
        Assert.Null(ExportForms.Of("Harbour opens\n\nLENGTH: 20 words\n\nThe harbour opened.\n\nLOAD-DATE: March 4, 2021"));
        Assert.Null(ExportForms.Of("Harbour opens\n\nTitle: Gate\n\nAuthor: Weir\n\nSubject: gates\n\nLocation: Hull\n\nPages: 4\n\nPublisher: Weir"));
        Assert.Null(ExportForms.Of("Essays wanted\n\nType: essay\n\nLength: 2,000 words\n\nLanguage: English\n\nSubject: the bridge\n\nEdition: the best"));
        Assert.Equal("nexis", ExportForms.Of("Harbour opens\n\nBYLINE: Anna Weir\n\nLENGTH: 20 words\n\nThe harbour opened.\n\nLOAD-DATE: March 4, 2021")?.Name);
    }

    static ExportLabel Label(string written) => ExportForms.Read([$"form field en: {written}"])[0].Labels[0];
}
