using VaeCluster.Client;

return await VaectlCommand.RunAsync(args, Terminal.Of(Console.In, Console.Out, Console.Error, Console.IsOutputRedirected));
