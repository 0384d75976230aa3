using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Workers;

namespace VaeCluster.Tests.Training.Workers;

public sealed class DeviceCatalogTests
{
    [Theory]
    [InlineData("none", "")]
    [InlineData("cpu:1", "cpu:0")]
    [InlineData("cpu:3", "cpu:0 cpu:1 cpu:2")]
    [InlineData("cpu:1, cpu:2", "cpu:0 cpu:1")]
    public void Find_CpuSlots_NamesThem(string text, string names)
    {
        var devices = DeviceCatalog.Find(text);

        Assert.Equal(names, string.Join(' ', devices.Select(device => device.Name)));
        Assert.All(devices, device => Assert.Equal(DeviceKind.Cpu, device.Kind));
    }

    [Fact]
    public void Find_Auto_FindsSomething() => Assert.NotEmpty(DeviceCatalog.Find("auto"));

    [Theory]
    [InlineData("cpu:0", "'cpu:0' asks for 0 CPU slots; there can be 1 to 256.")]
    [InlineData("cpu:257", "'cpu:257' asks for 257 CPU slots; there can be 1 to 256.")]
    [InlineData("cpu", "'cpu' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.")]
    [InlineData("", "'' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.")]
    [InlineData("gpu:0", "'gpu:0' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.")]
    [InlineData("cpu:-1", "'cpu:-1' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.")]
    [InlineData("cpu:1,,cpu:2", "'' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.")]
    public void Find_WhatCannotBeRead_SaysHowToWriteIt(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => DeviceCatalog.Find(text)).Message);

    [Fact]
    public void Find_CudaDeviceThatIsNotThere_SaysHowManyAre() =>
        Assert.Matches(
            "^'cuda:99' does not exist: libtorch can use [0-9]+ CUDA devices on this machine\\. Name one of those, or use cpu:1\\.$",
            Assert.Throws<FormatException>(() => DeviceCatalog.Find("cuda:99")).Message);
}
