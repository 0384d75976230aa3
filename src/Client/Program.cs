using VaeCluster.Client;

return await VaectlCommand.Create(Terminal.Of(Console.Out, Console.Error, Console.IsOutputRedirected)).Parse(args).InvokeAsync();
