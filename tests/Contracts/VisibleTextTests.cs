using VaeCluster.Contracts;

namespace VaeCluster.Tests.Contracts;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain text, Grüße, 数", "plain text, Grüße, 数")]
    [InlineData("\u001b[2Jgone", "\\x1B[2Jgone")]
    [InlineData("a\r\nfail: a line of its own", "a\\x0D\\x0Afail: a line of its own")]
    [InlineData("\u009b31m \u007f\0", "\\x9B31m \\x7F\\x00")]
    [InlineData("gnp.\u202Eexe \u2066x\u2029", "gnp.\\u202Eexe \\u2066x\\u2029")]
    public void Of_ShowsWhatIsNotVisible(string text, string expected) => Assert.Equal(expected, VisibleText.Of(text));

    [Fact]
    public void OfLines_KeepsLineBreaks() => Assert.Equal("a\nb\\x0D\n\\x1Bc", VisibleText.OfLines("a\nb\r\n\u001bc"));
}
