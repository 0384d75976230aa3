using VaeCluster.Silo;
using VaeCluster.Silo.Configuration;

return await SiloCommand.Create(SiloHost.RunAsync).Parse(args).InvokeAsync();
