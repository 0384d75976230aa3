using VaeCluster.Tests.Support;
using VaeCluster.Training.Pictures;

namespace VaeCluster.Tests.Training.Pictures;

public sealed class ImageSheetTests
{
    [Fact]
    public void Encode_PlacesImagesRowAfterRow_AndLeavesGreyWhereThereAreNone()
    {
        var sheet = new ImageSheet(ASpec.Data(1, side: 1), "", [""], ["", "", ""]) { Gap = 2, CellSideMin = 4 };

        var png = PngReader.Read(sheet.Encode([0, float.NaN]));

        // A margin of 18, and above it the room of the title.
        Assert.Equal([0, 0, 0], png[18, 52].ToArray());
        Assert.Equal([0, 0, 0], png[21, 55].ToArray());
        Assert.Equal([255, 255, 255], png[22, 52].ToArray());
        Assert.Equal([236, 238, 241], png[24, 52].ToArray());
        Assert.Equal([236, 238, 241], png[30, 52].ToArray());
        Assert.Equal((18 + 4 + 2 + 4 + 2 + 4 + 18, 52 + 4 + 18), (png.Width, png.Height));
    }

    [Fact]
    public void Encode_OfColouredImages_KeepsTheirColours()
    {
        var data = ASpec.Data(1, side: 1) with { Channels = 3 };

        var png = PngReader.Read(new ImageSheet(data, "", [""], [""]).Encode([1, 0.5f, 0]));

        Assert.Equal([255, 128, 0], png[18, 52].ToArray());
    }
}
