using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Tests.Parameters.Checkpoints;

public sealed class StatePiecesTests
{
    [Theory]
    [InlineData(1, 0, 2)]
    [InlineData(ParameterLayout.PartLengthMax, 3, 1)]
    [InlineData(ParameterLayout.PartLengthMax - 1, 1, 2)]
    [InlineData(ParameterLayout.PartLengthMax + 1, 0, 2)]
    [InlineData((2 * ParameterLayout.PartLengthMax) + 5, 7, 2)]
    [InlineData(3, 2, 0)]
    public void Join_OfWhatWasSplit_IsTheSame(int parameters, int buffers, int kinds)
    {
        var layout = new ParameterLayout([("weight", [parameters], false), ("running_mean", [buffers], true)]);
        var random = new Random(parameters);
        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
        var state = new TrainingState
        {
            Step = 12,
            Updates = 11,
            Weights = [.. Enumerable.Range(0, layout.PartCount).Select(part => Bytes(4 * layout.PartAt(part).Length))],
            Optimizer = [.. Enumerable.Range(0, kinds).Select(_ => Bytes(4 * parameters))],
        };

        var pieces = StatePieces.Split(state);
        var joined = StatePieces.Join(layout, PartRange.All(layout), kinds, 12, 11, pieces);

        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 1 << 20));
        Assert.Equal((12, 11), (joined.Step, joined.Updates));
        Assert.Equal(state.Weights, joined.Weights);
        Assert.Equal(state.Optimizer, joined.Optimizer);
        Assert.Throws<InvalidDataException>(() => StatePieces.Join(layout, PartRange.All(layout), kinds, 12, 11, [.. pieces, new byte[4 * (parameters + buffers + 1)]]));
        Assert.Throws<InvalidDataException>(() => StatePieces.Join(layout, PartRange.All(layout), kinds, 12, 11, [.. pieces.SkipLast(1)]));
    }
    /// <summary>The bytes are as many; at their places they would be other parameters' values.</summary>
    [Fact]
    public void Join_OfPiecesInAnotherOrder_IsRefused()
    {
        var layout = new ParameterLayout([("weight", [ParameterLayout.PartLengthMax + 5], false)]);
        byte[][] weights = [.. Enumerable.Range(0, layout.PartCount).Select(part => new byte[4 * layout.PartAt(part).Length])];
        var pieces = StatePieces.Split(new TrainingState { Step = 1, Updates = 1, Weights = weights, Optimizer = [new byte[4 * layout.ParameterLength]] });

        var refused = Assert.Throws<InvalidDataException>(() => StatePieces.Join(layout, PartRange.All(layout), 1, 1, 1, [.. pieces.Take(layout.PartCount), pieces[^1], pieces[^2]]));

        Assert.Equal($"The state arrived in {pieces.Count} pieces, which do not match a range of {layout.Length} values and 1 kinds of optimizer state.", refused.Message);
    }
}
