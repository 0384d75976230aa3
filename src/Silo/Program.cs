using VaeCluster.Silo;
using VaeCluster.Silo.Configuration;

return await SiloCommand.RunAsync(args, SiloHost.RunAsync, Console.Error);
