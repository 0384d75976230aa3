using VaeCluster.Data;

namespace VaeCluster.Client.Output;

/// <summary>Draws how far an inspection is over one line, where a person watches.</summary>
internal sealed class InspectionProgress : IProgress<DataProgress>
{
    private readonly Terminal _terminal;

    public InspectionProgress(Terminal terminal) => _terminal = terminal;

    public void Report(DataProgress value)
    {
        if (_terminal.IsInteractive)
            _terminal.Error.Write(value.Done < value.Total ? $"\r{value.Message}" : $"\r{new string(' ', value.Message.Length)}\r");
    }
}
