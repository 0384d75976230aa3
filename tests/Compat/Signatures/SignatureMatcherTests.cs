namespace VaeCluster.Compat.Signatures;

/// <summary>The rules of the comparison, each on a list of a few lines.</summary>
public sealed class SignatureMatcherTests
{
    private static readonly SignatureList Real = new(
        "the list",
        "N.Module<T, TResult> : abstract class <- N.Hooks<System.Func<T, TResult>>, System.IDisposable",
        "N.Module<T, TResult>.forward(T input) : TResult abstract",
        "N.Module<T, TResult>.name : System.String { get; set; }",
        "N.Hooks<THook> : class",
        "N.Hooks<THook>.add(THook hook) : System.Void",
        "N.Linear : sealed class <- N.Module<N.Tensor, N.Tensor>",
        "N.Linear.ctor(System.Int64 inputs, System.Double scale = 1E-05)",
        "N.Scope : class");

    [Theory]
    [InlineData("N.Linear : sealed class")]
    [InlineData("N.Linear : sealed class <- N.Module<N.Tensor, N.Tensor>")]
    [InlineData("N.Linear : sealed class <- System.IDisposable")]
    [InlineData("N.Linear.ctor(System.Int64 inputs, System.Double scale = 1E-05)")]
    [InlineData("N.Linear.forward(N.Tensor input) : N.Tensor virtual")]
    [InlineData("N.Linear.add(System.Func<N.Tensor, N.Tensor> hook) : System.Void")]
    public void Find_WhenTheRealOneHasIt_IsCovered(string line) => Assert.NotEmpty(Find(line));

    [Theory]
    [InlineData("N.Linear : class")]
    [InlineData("N.Linear : sealed class <- System.ICloneable")]
    [InlineData("N.Linear.ctor(System.Int64 width, System.Double scale = 1E-05)")]
    [InlineData("N.Linear.ctor(System.Int64 inputs, System.Double scale = 0.1)")]
    [InlineData("N.Linear.ctor()")]
    [InlineData("N.Linear.forward(N.Tensor input) : N.Tensor")]
    [InlineData("N.Linear.forward(System.Int32 input) : N.Tensor virtual")]
    [InlineData("N.Linear.name : System.String { get; }")]
    [InlineData("N.Scope : sealed class")]
    [InlineData("N.Conv : class")]
    public void Find_WhenTheRealOneDiffers_IsNotCovered(string line) => Assert.Empty(Find(line));

    [Theory]
    [InlineData("N.Linear.ctor(System.Int64 width, System.Double factor = 1E-05)")]
    [InlineData("N.Scope : sealed class")]
    public void Find_WhenNamesMayDiffer_IsCovered(string line) => Assert.NotEmpty(Find(line, namesMayDiffer: true));

    [Fact]
    public void Find_WhenInherited_ClaimsTheWayToIt()
    {
        var used = Find("N.Linear.add(System.Func<N.Tensor, N.Tensor> hook) : System.Void").Select(s => s.Line);

        Assert.Equal(
            [
                "N.Linear : sealed class <- N.Module<N.Tensor, N.Tensor>",
                "N.Module<T, TResult> : abstract class <- N.Hooks<System.Func<T, TResult>>, System.IDisposable",
                "N.Hooks<THook> : class",
                "N.Hooks<THook>.add(THook hook) : System.Void",
            ],
            used);
    }

    [Fact]
    public void Explain_WhenAParameterDiffers_NamesTheNearestLine()
    {
        var sentence = new SignatureMatcher(Real, namesMayDiffer: false).Explain(Signature.Parse("N.Linear.ctor(System.Int32 inputs)")!);

        Assert.Contains("is not in the list; the nearest is", sentence, StringComparison.Ordinal);
        Assert.EndsWith("N.Linear.ctor(System.Int64 inputs, System.Double scale = 1E-05)", sentence, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Signature> Find(string line, bool namesMayDiffer = false) =>
        new SignatureMatcher(Real, namesMayDiffer).Find(Signature.Parse(line)!);
}
