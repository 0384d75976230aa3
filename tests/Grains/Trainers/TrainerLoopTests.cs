using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Trainers;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>A trainer's loop against a parameter server that answers when the test says so.</summary>
public sealed class TrainerLoopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_ThatWasGivenUpForANewAssignment_DoesNotPassForTheNextOne()
    {
        var plan = APlanOfSeveralParts();
        var server = new SlowServer(ModelLayout.Of(RunSpecReader.ReadCanonical(plan.SpecJson), plan.Data));
        var grains = Fake<IGrainFactory>((method, _) => method.ReturnType == typeof(IParameterServerGrain) ? server.Grain : Fake<IRunGrain>((_, _) => throw new NotSupportedException()));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var worker = new TrainerWorker("cpu:0");
        var assignment = new TrainerAssignment { Plan = plan, Shards = [0], Version = 1, Server = "a/run-1" };
        var instruments = new TrainerInstruments(services.GetRequiredService<IMeterFactory>());
        // Time stands still: no timeout of the loop has a part in this.
        await using var loop = new TrainerLoop("a/cpu:0", assignment, worker, grains, new LivenessOptions(), new SiloExchange(TimeProvider.System), instruments, new FakeTimeProvider(), NullLogger.Instance);

        // Both ask for one part: how many there are, the trainer does not know yet.
        loop.Start();
        await WaitForAsync(server.AskedOnce.Task, "first pull");
        loop.Follow(assignment with { Version = 2 });
        await WaitForAsync(server.AskedTwice.Task, "second pull");
        server.First.SetResult(server.Part(0));
        server.Second.SetResult(server.Part(0));

        await WaitForAsync(server.Pushed.Task, "push of a gradient");
        var gradient = await server.Pushed.Task;
        Assert.Equal(0, gradient.Step);
        Assert.False(loop.HasFailed, loop.Status.Error);
    }

    /// <summary>The last step's checkpoint may be lost with the parameter server whose last weights a trainer has pulled already.</summary>
    [Fact]
    public async Task Train_AfterTheLastStep_GoesOnWhereStepsHaveToBeComputedAgain()
    {
        var plan = APlanOfSeveralParts();
        var server = new ReplayingServer(ModelLayout.Of(RunSpecReader.ReadCanonical(plan.SpecJson), plan.Data));
        var run = new RunSnapshot { RunId = plan.RunId, Phase = RunPhase.Running };
        var grains = Fake<IGrainFactory>((method, _) => method.ReturnType == typeof(IParameterServerGrain) ? server.Grain : Fake<IRunGrain>((_, _) => Task.FromResult<RunSnapshot?>(run)));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var worker = new TrainerWorker("cpu:0");
        var assignment = new TrainerAssignment { Plan = plan, Shards = [0], Version = 1, Server = "a/run-1" };
        var instruments = new TrainerInstruments(services.GetRequiredService<IMeterFactory>());
        var liveness = new LivenessOptions { RenewPeriod = TimeSpan.FromMilliseconds(10) };
        await using var loop = new TrainerLoop("a/cpu:0", assignment, worker, grains, liveness, new SiloExchange(TimeProvider.System), instruments, TimeProvider.System, NullLogger.Instance);

        loop.Start();

        await WaitForAsync(server.Pushed.Task, "push of a gradient that was lost");
        Assert.Equal(ReplayingServer.LastStep - 1, (await server.Pushed.Task).Step);
    }

    private static async Task WaitForAsync(Task call, string name)
    {
        try
        {
            await call.WaitAsync(Limit, Token);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"There was no {name} within {Limit.TotalSeconds:F0} s.");
        }
    }

    private static RunPlan APlanOfSeveralParts()
    {
        var spec = RunSpecReader.Read("", ["data.count=8", "data.test=2", "data.imageSize=28", "model.hidden=[512]", "training.batch=4", "training.shards=2"]).Spec!;
        return new() { RunId = "run-1", SpecJson = RunSpecReader.Write(spec), Data = DataSources.Open(spec.Data).Describe(spec.Data) };
    }

    /// <summary>The first two pulls wait; later ones are answered at once. What is pushed first is kept.</summary>
    private sealed class SlowServer
    {
        private readonly ParameterLayout _layout;
        private int _pulls;

        public SlowServer(ParameterLayout layout)
        {
            Assert.True(layout.PartCount > 1, "One part is always the whole.");
            (_layout, Grain) = (layout, Fake<IParameterServerGrain>(Answer));
        }

        public IParameterServerGrain Grain { get; }

        public TaskCompletionSource AskedOnce { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource AskedTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Whoever waits for these goes on before SetResult returns, so that the first is over before the second.
        public TaskCompletionSource<WeightsPart> First { get; } = new();

        public TaskCompletionSource<WeightsPart> Second { get; } = new();

        public TaskCompletionSource<GradientBlock> Pushed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WeightsPart Part(int part) => new() { Outcome = PullOutcome.Weights, Step = 0, Payload = PartBuffer.Wrap(new byte[4 * _layout.PartAt(part).Length]), PartCount = _layout.PartCount };

        private object? Answer(MethodInfo method, object?[] arguments)
        {
            switch (method.Name)
            {
                case nameof(IParameterServerGrain.PullAsync):
                    return Pull(known: (long)arguments[0]!, part: (int)arguments[1]!);
                case nameof(IParameterServerGrain.PushAsync):
                    Pushed.TrySetResult((GradientBlock)arguments[0]!);
                    return Task.FromResult(new PushAnswer(PushOutcome.Accepted));
                default:
                    throw new NotSupportedException(method.Name);
            }
        }

        private Task<WeightsPart> Pull(long known, int part)
        {
            switch (Interlocked.Increment(ref _pulls))
            {
                case 1:
                    AskedOnce.SetResult();
                    return First.Task;
                case 2:
                    AskedTwice.SetResult();
                    return Second.Task;
                default:
                    // There is no next step: this trainer has one of two shards.
                    return known < 0 ? Task.FromResult(Part(part)) : new TaskCompletionSource<WeightsPart>().Task;
            }
        }
    }

    /// <summary>It has every step when it is first asked, and one less when it is asked how far it is.</summary>
    private sealed class ReplayingServer
    {
        public const long LastStep = 3;

        private readonly ParameterLayout _layout;
        private long _step = LastStep;

        public ReplayingServer(ParameterLayout layout)
        {
            _layout = layout;
            Grain = Fake<IParameterServerGrain>(Answer);
        }

        public IParameterServerGrain Grain { get; }

        public TaskCompletionSource<GradientBlock> Pushed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private object? Answer(MethodInfo method, object?[] arguments)
        {
            switch (method.Name)
            {
                case nameof(IParameterServerGrain.PullAsync):
                    return (long)arguments[0]! == _step ? new TaskCompletionSource<WeightsPart>().Task : Task.FromResult(Part((int)arguments[1]!));
                case nameof(IParameterServerGrain.GetStatusAsync):
                    _step = LastStep - 1;
                    return Task.FromResult(new ParameterServerStatus { Started = true, Step = _step, StepCount = LastStep });
                case nameof(IParameterServerGrain.PushAsync):
                    Pushed.TrySetResult((GradientBlock)arguments[0]!);
                    return Task.FromResult(new PushAnswer(PushOutcome.Accepted));
                default:
                    throw new NotSupportedException(method.Name);
            }
        }

        private WeightsPart Part(int part) => new()
        {
            Outcome = _step == LastStep ? PullOutcome.Finished : PullOutcome.Weights,
            Step = _step,
            Payload = PartBuffer.Wrap(new byte[sizeof(float) * _layout.PartAt(part).Length]),
            PartCount = _layout.PartCount,
        };
    }

    /// <summary>An interface whose calls a function answers.</summary>
    private static T Fake<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var fake = DispatchProxy.Create<T, AnsweredCalls>();
        ((AnsweredCalls)(object)fake).Answer = answer;
        return fake;
    }

    public class AnsweredCalls : DispatchProxy
    {
        public Func<MethodInfo, object?[], object?> Answer { get; set; } = (method, _) => throw new NotSupportedException(method.Name);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args ?? []);
    }
}
