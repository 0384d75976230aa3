namespace VaeCluster.Tests.OrleansCompat.Grains;

[GenerateSerializer]
public sealed class QuotaException : Exception
{
    public QuotaException(string message, int limit) : base(message) => Limit = limit;

    [Id(0)]
    public int Limit { get; }
}

/// <summary>Cannot be made of a message, and is not marked for travel.</summary>
public sealed class StrangeException(int code) : Exception($"strange {code}");

public interface IFaultGrain : IGrainWithIntegerKey
{
    Task Throw(string kind);

    Task<byte[]> Bytes(int count);

    Task<int> Take(byte[] bytes);
}

public sealed class FaultGrain : Grain, IFaultGrain
{
    public Task Throw(string kind) => kind switch
    {
        "invalid" => throw new InvalidOperationException("not now", new FormatException("the inner one")),
        "argument" => throw new ArgumentOutOfRangeException(nameof(kind), "training.batch is 0"),
        "quota" => throw new QuotaException("too much", 12),
        "strange" => throw new StrangeException(7),
        _ => Task.CompletedTask,
    };

    public Task<byte[]> Bytes(int count) => Task.FromResult(new byte[count]);

    public Task<int> Take(byte[] bytes) => Task.FromResult(bytes.Length);
}

public interface IBrokenGrain : IGrainWithStringKey
{
    Task Hello();
}

public sealed class BrokenGrain : Grain, IBrokenGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == "whole" ? Task.CompletedTask : throw new NotSupportedException("this grain does not start");

    public Task Hello() => Task.CompletedTask;
}
