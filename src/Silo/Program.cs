using VaeCluster.Silo;
using VaeCluster.Silo.Configuration;

return await new SiloCommand(SiloHost.RunAsync, Console.Error).RunAsync(args);
