using VaeCluster.TorchPatcher;

// One sentence says what became of it, and so does the exit code: see PatchOutcome.
const string usage = "Usage: VaeCluster.TorchPatcher <library> <patched copy> [--always] [folder with the libraries that it needs]...";
return args switch
{
    [LibraryLoad.Command, var path] => LibraryLoad.Run(path),
    [var input, var output, "--always", .. var folders] => Report(input, output, folders, always: true),
    [var input, var output, .. var folders] => Report(input, output, folders, always: false),
    _ => Say(new(PatchOutcome.Failed, usage)),
};

static int Report(string input, string output, string[] folders, bool always)
{
    try
    {
        return Say(Patcher.Run(input, output, folders, CppRuntime.Versions(), always));
    }
    catch (Exception e) when (
        e is IOException or UnauthorizedAccessException or ArgumentException or DllNotFoundException or ElfFormatException)
    {
        return Say(new(PatchOutcome.Failed, $"{input} could not be patched into {output}: {e.Message}"));
    }
}

static int Say(PatchResult result)
{
    Console.WriteLine(result.Sentence);
    return (int)result.Outcome;
}
