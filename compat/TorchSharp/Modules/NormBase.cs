using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What normalisations by the statistics of a batch share: those statistics as they run, and a scale and a shift for each channel.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    private protected NormBase(string name, NormOptions options, Device? device, ScalarType? dtype) : base(name)
    {
        Options = options;
        if (options.IsAffine)
        {
            weight = ones(options.FeatureCount, dtype, device).AsParameter();
            bias = zeros(options.FeatureCount, dtype, device).AsParameter();
        }
        if (options.TracksStatistics)
        {
            running_mean = zeros(options.FeatureCount, dtype, device);
            running_var = ones(options.FeatureCount, dtype, device);
            num_batches_tracked = tensor(0L, device: device);
        }
    }

    public Parameter? bias
    {
        get => get_parameter(nameof(bias));
        set => Assign(nameof(bias), value);
    }

    /// <summary>Null, whatever its type says, where the layer has no scale.</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        set => Assign(nameof(weight), value);
    }

    public Tensor? running_mean
    {
        get => get_buffer(nameof(running_mean));
        set => AssignBuffer(nameof(running_mean), value);
    }

    public Tensor? running_var
    {
        get => get_buffer(nameof(running_var));
        set => AssignBuffer(nameof(running_var), value);
    }

    public Tensor? num_batches_tracked
    {
        get => get_buffer(nameof(num_batches_tracked));
        set => AssignBuffer(nameof(num_batches_tracked), value);
    }

    private protected NormOptions Options { get; }

    public void reset_running_stats()
    {
        running_mean?.zero_();
        running_var?.fill_(1);
        num_batches_tracked?.zero_();
    }
}

/// <summary>The settings of a normalisation: the running statistics move by <paramref name="Momentum"/> towards each batch's.</summary>
internal sealed record NormOptions(long FeatureCount, double Epsilon, double Momentum, bool IsAffine, bool TracksStatistics);
