using VaeCluster.Client.Datasets;

namespace VaeCluster.Client.Output;

/// <summary>Draws how much of a file is here over one line, where a person watches; a log gets no such lines.</summary>
internal sealed class DownloadProgress : IProgress<long>
{
    private readonly Terminal _terminal;
    private readonly PublicFile _file;
    private int _shown = -1;

    public DownloadProgress(Terminal terminal, PublicFile file) => (_terminal, _file) = (terminal, file);

    public void Report(long value)
    {
        var percent = (int)(100 * value / _file.Length);
        if (!_terminal.IsInteractive || percent == _shown)
            return;
        _shown = percent;
        _terminal.Error.Write(percent < 100 ? $"\r{_file.Name} {percent,3} %" : $"\r{new string(' ', _file.Name.Length + 6)}\r");
    }
}
