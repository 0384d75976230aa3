using System.Collections;

namespace VaeCluster.Compat.Signatures;

/// <summary>The printed form, on types made for it: one of each thing that the lists hold.</summary>
public sealed class SignaturePrinterTests
{
    private const string Me = "VaeCluster.Compat.Signatures.SignaturePrinterTests.";

    [Theory]
    [InlineData("Outer<T> : class <- System.Collections.IEnumerable, System.IDisposable")]
    [InlineData("Outer<T>.Inner<T> : class")]
    [InlineData("Outer<T>.Inner<T>.ctor(" + Me + "Outer<T> outer)")]
    [InlineData("Outer<T>.Convert<TOther>(System.Int64[,] values, params TOther[] others) : System.ValueTuple<T, System.String>")]
    [InlineData("Outer<T>.Defaults(System.Double rate = 1E-05, System.String name = \"x\", System.DayOfWeek day = 2, System.Nullable<System.Int32> count = default, System.Boolean on = true) : System.Void")]
    [InlineData("Outer<T>.Dispose() : System.Void")]
    [InlineData("Outer<T>.GetEnumerator() : System.Collections.IEnumerator virtual")]
    [InlineData("Outer<T>.Heirs(ref System.Int32 a, out System.Int32 b) : System.Void protected virtual")]
    [InlineData("Outer<T>.Made : System.Int32 { get; } static")]
    [InlineData("Outer<T>.Item[System.Int32 index] : T { get; set; }")]
    [InlineData("Outer<T>.Limit : field System.Int32 static")]
    [InlineData("Outer<T>.Changed : event System.EventHandler")]
    [InlineData("Outer<T>.op_Implicit(" + Me + "Outer<T> outer) : System.Int32 static")]
    [InlineData("Outer<T>.ctor()")]
    [InlineData("Shape : struct")]
    [InlineData("Choice : enum")]
    [InlineData("Choice.Second = 7")]
    [InlineData("Callback : delegate <- System.MulticastDelegate")]
    [InlineData("Callback.Invoke(System.Int32 value) : System.Void virtual")]
    public void Print_OfSample_HasLine(string line) => Assert.Contains(Me + line, Lines());

    [Theory]
    [InlineData(" : static class")]
    [InlineData(".Twice(this System.Int32 value) : System.Int32 static")]
    public void Print_OfExtension_HasLine(string line) =>
        Assert.Contains("VaeCluster.Compat.Signatures.SignaturePrinterTestsExtensions" + line, Lines());

    [Fact]
    public void Print_OfSample_LeavesOutWhatNobodySees()
    {
        Assert.DoesNotContain(Lines(), l => l.Contains("Hidden", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(), l => l.Contains(".get_", StringComparison.Ordinal) || l.Contains(".add_", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(StandInSignatureTests.StandIns), MemberType = typeof(StandInSignatureTests))]
    public void Parse_OfEveryPrintedLine_GivesItBack(string assemblyName)
    {
        foreach (var signature in StandIn.Of(assemblyName).Print())
        {
            var parsed = Signature.Parse(signature.Line);

            Assert.NotNull(parsed);
            Assert.Equal((signature.Owner, signature.Member, signature.Line), (parsed.Owner, parsed.Member, parsed.Line));
        }
    }

    private static List<string> Lines() =>
        [.. SignaturePrinter.Print(typeof(SignaturePrinterTests).Assembly).Select(s => s.Line)];

#pragma warning disable CA1051, CA1052, CA1815, CA1819, CA1822, CA1010, CA1710, CA1814, CA1045, CA1021, CA1711, CA2225, CA1720, CA1000, CS0067 // samples of what the lists hold, not advice
    public class Outer<T> : IEnumerable, IDisposable
    {
        public const int Limit = 3;
        private protected int _hiddenField;

        public event EventHandler? Changed;

        public static int Made { get; internal set; }

        internal int HiddenProperty { get; set; }

        public T this[int index] { get => default!; set => _hiddenField = index; }

        public static implicit operator int(Outer<T> outer) => outer._hiddenField;

        public (T First, string Second) Convert<TOther>(long[,] values, params TOther[] others) => (default!, "");

        public void Defaults(double rate = 1e-5, string name = "x", DayOfWeek day = DayOfWeek.Tuesday, int? count = null, bool on = true) => _hiddenField++;

        public virtual IEnumerator GetEnumerator() => Array.Empty<int>().GetEnumerator();

        public void Dispose() => _hiddenField = 0;

        protected virtual void Heirs(ref int a, out int b) => b = a;

        private void HiddenMethod() => _hiddenField++;

        public class Inner(Outer<T> outer)
        {
            internal Outer<T> Hidden => outer;
        }

        protected class HiddenFromAllButHeirs;
    }

    public struct Shape;

    public enum Choice
    {
        First,
        Second = 7,
    }

    public delegate void Callback(int value);
}

public static class SignaturePrinterTestsExtensions
{
    public static int Twice(this int value) => 2 * value;
}
#pragma warning restore
