using System.ComponentModel;

namespace VaeCluster.EndToEnd;

/// <summary>Programs that a machine need not have.</summary>
internal static class OptionalProgram
{
    /// <summary>Starts one; where it is absent the test is skipped, with the reason.</summary>
    public static RunningProgram StartOrSkip(string program, IEnumerable<string> arguments, string whereItIs)
    {
        try
        {
            return RunningProgram.Start(program, arguments);
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"{program} does not start ({e.Message}); it is in {whereItIs}.");
            throw;
        }
    }
}
