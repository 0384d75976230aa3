using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Models;

namespace VaeCluster.Tests.Training.Models;

/// <summary>The layout that is made of a description against that of the module, for every kind of model and everything that adds a tensor.</summary>
public sealed class ModelLayoutTests
{
    [Theory]
    [InlineData("", 1, 28)]
    [InlineData("model.hidden=[7, 5, 3];model.latent=4", 3, 8)]
    [InlineData("model.kind=mlp-2d", 1, 28)]
    [InlineData("model.kind=iwae-mlp", 1, 28)]
    [InlineData("model.kind=ae;model.hidden=[6]", 1, 8)]
    [InlineData("model.kind=conv28", 1, 28)]
    [InlineData("model.kind=conv64;objective.likelihood=gaussian", 3, 64)]
    [InlineData("model.kind=vq;model.codes=9", 3, 12)]
    [InlineData("objective.likelihood=gaussian;objective.sigmaMode=learned", 1, 8)]
    [InlineData("objective.collapse.action=lower-beta", 1, 8)]
    [InlineData("model.kind=conv64;objective.likelihood=gaussian;objective.sigmaMode=learned;objective.collapse.action=lower-beta", 3, 64)]
    public void Of_ASpec_IsThatOfItsModule(string settings, int channels, int side)
    {
        var spec = ASpec.With(settings.Split(';', StringSplitOptions.RemoveEmptyEntries));
        var data = new DataDescription(channels, side, side, 10, 0, "");

        using var model = ModelFactory.Create(spec, data);

        Assert.Equal(
            ModelFactory.LayoutOf(model).Slots.Select(slot => $"{slot.Name} [{string.Join(", ", slot.Shape)}] at {slot.Offset} {slot.IsBuffer}"),
            ModelLayout.Of(spec, data).Slots.Select(slot => $"{slot.Name} [{string.Join(", ", slot.Shape)}] at {slot.Offset} {slot.IsBuffer}"));
    }
}
