using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Tests.Training.Checkpoints;

public sealed class StatePiecesTests
{
    [Theory]
    [InlineData(1, 0, 2)]
    [InlineData(ParameterLayout.PartLengthMax, 3, 1)]
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
        var joined = StatePieces.Join(layout, kinds, 12, 11, pieces);

        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 1 << 20));
        Assert.Equal((12, 11), (joined.Step, joined.Updates));
        Assert.Equal(state.Weights, joined.Weights);
        Assert.Equal(state.Optimizer, joined.Optimizer);
        Assert.Throws<InvalidDataException>(() => StatePieces.Join(layout, kinds, 12, 11, [.. pieces, new byte[4 * (parameters + buffers + 1)]]));
        Assert.Throws<InvalidDataException>(() => StatePieces.Join(layout, kinds, 12, 11, [.. pieces.SkipLast(1)]));
    }
}
