using VaeCluster.Training.Inference;

namespace VaeCluster.Tests.Training.Inference;

public sealed class LatentPathsTests
{
    [Fact]
    public void Linear_GoesInEqualSteps_FromEndToEnd() =>
        Assert.Equal([0, 4, 1, 3, 2, 2, 3, 1, 4, 0], LatentPaths.Linear([0, 4], [4, 0], 5));

    [Fact]
    public void Spherical_BetweenPointsOfOneRadius_StaysOnIt_InEqualAngles()
    {
        var path = LatentPaths.Spherical([3, 0], [0, 3], 4);

        for (var step = 0; step < 4; step++)
        {
            Assert.Equal(3 * Math.Cos(step * Math.PI / 6), path[2 * step], 1e-6);
            Assert.Equal(3 * Math.Sin(step * Math.PI / 6), path[(2 * step) + 1], 1e-6);
        }
    }

    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 2, 4 })]
    [InlineData(new float[] { 1, 2 }, new float[] { -1, -2 })]
    [InlineData(new float[] { 0, 0 }, new float[] { 1, 0 })]
    public void Spherical_WhereThereIsNoArc_IsTheStraightLine(float[] from, float[] to) =>
        Assert.Equal(LatentPaths.Linear(from, to, 7), LatentPaths.Spherical(from, to, 7));

    [Fact]
    public void Traverse_MovesOneCoordinate_AndLeavesTheOthers() =>
        Assert.Equal([1, -3, 2, 1, 0, 2, 1, 3, 2], LatentPaths.Traverse([1, 9, 2], 1, -3, 3, 3));

    [Fact]
    public void Manifold_RunsThroughTheQuantiles_RightAndUp_WithTheOthersAtZero()
    {
        var grid = LatentPaths.Manifold(latent: 3, horizontal: 2, vertical: 0, side: 2);

        // The middles of the halves of the distribution: its quartiles.
        const float Q = 0.67448975f;
        Assert.Equal([Q, 0, -Q, Q, 0, Q, -Q, 0, -Q, -Q, 0, Q], grid);
    }
}
