using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// Decides once how a call ends: by its response, the caller's token, its deadline or its disposal, whichever is first.
/// The end cancels <see cref="Ended"/>, on which everything that belongs to the call is released.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Late readers and writers still ask for the token; a source without timer holds nothing else.")]
internal sealed class CallLifetime
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Status> _status = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallOptions _options;

    public CallLifetime(CallOptions options)
    {
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");

        _options = options;
    }

    public CancellationToken Ended => _ended.Token;

    public Status? Status => _status.Task.IsCompletedSuccessfully ? _status.Task.Result : null;

    public bool IsLate => _options.Deadline <= DateTime.UtcNow;

    /// <summary>What is left until the deadline; null without one.</summary>
    public TimeSpan? Remaining => _options.Deadline is { } deadline && deadline != DateTime.MaxValue ? deadline - DateTime.UtcNow : null;

    /// <summary>Arms the deadline and the caller's token: only after all that the end releases has been registered.</summary>
    public void Start()
    {
        if (Remaining is { } remaining)
        {
            if (remaining <= TimeSpan.Zero)
                End(new Status(StatusCode.DeadlineExceeded, ""));
            else
                ArmDeadline(_options.Deadline!.Value);
        }

        var registration = CancelOn(_options.CancellationToken);
        _ended.Token.Register(() => registration.Unregister());
    }

    /// <summary>Cancels the whole call with the token, until the registration is disposed of.</summary>
    public CancellationTokenRegistration CancelOn(CancellationToken token) =>
        token.Register(() => End(new Status(StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException(token))));

    /// <summary>The status that counts: the given one, unless the call has already ended.</summary>
    public Status End(Status status)
    {
        if (_status.TrySetResult(status))
            _ended.Cancel();
        return _status.Task.Result;
    }

    private void ArmDeadline(DateTime deadline)
    {
        var timer = new DeadlineTimer(deadline, () => End(new Status(StatusCode.DeadlineExceeded, "")));
        _ended.Token.Register(timer.Dispose);
    }
}
