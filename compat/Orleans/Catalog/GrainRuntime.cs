namespace Orleans.Runtime.Catalog;

/// <inheritdoc cref="IGrainRuntime"/>
internal sealed class GrainRuntime(ILocalSiloDetails local, IGrainFactory grainFactory, IServiceProvider services, TimeProvider time) : IGrainRuntime
{
    public string SiloIdentity => local.SiloAddress.ToString();

    public SiloAddress SiloAddress => local.SiloAddress;

    public IGrainFactory GrainFactory => grainFactory;

    public IServiceProvider ServiceProvider => services;

    public TimeProvider TimeProvider => time;

    public void DeactivateOnIdle(IGrainContext grainContext) =>
        grainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called"));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) => ((Activation)grainContext).DelayDeactivation(timeSpan);
}
