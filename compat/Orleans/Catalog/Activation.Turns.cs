using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Catalog;

internal sealed partial class Activation
{
    private readonly Lock _sync = new();
    private readonly LinkedList<Turn> _waiting = new();
    private readonly List<Turn> _running = [];

    /// <summary>Takes a call. False if this activation has ended and the call has to go elsewhere.</summary>
    public bool TryReceive(Message message, GrainCall call) => TryEnqueue(new CallTurn(message, call));

    public bool TryEnqueue(Turn turn)
    {
        lock (_sync)
        {
            if (_state == ActivationState.Ended) return false;
            _waiting.AddLast(turn);
            if (turn.KeepsAlive) MarkUsed();
            StartWhatMay();
        }

        return true;
    }

    /// <summary>Starts the waiting turns that nothing forbids, in the order in which they came. Called under the lock.</summary>
    private void StartWhatMay()
    {
        if (_state != ActivationState.Valid || _reason is not null) return;
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (MayRun(node.Value))
            {
                _waiting.Remove(node);
                _running.Add(node.Value);
                Run(RunTurnAsync, node.Value);
            }

            node = next;
        }
    }

    /// <summary>
    /// One logical turn at a time, except where the class or both methods say otherwise. A turn that interleaves with every other
    /// forbids none either: a call that waits long behind [AlwaysInterleave] must not hold up the rest of the grain.
    /// </summary>
    private bool MayRun(Turn turn) =>
        turn.IsAlwaysInterleave
        || Class.IsReentrant
        || _running.TrueForAll(running => running.IsAlwaysInterleave || (running.IsReadOnly && turn.IsReadOnly));

    private async Task RunTurnAsync(Turn turn)
    {
        await turn.RunAsync(this);
        lock (_sync)
        {
            _running.Remove(turn);
            if (turn.KeepsAlive) MarkUsed();
            if (_reason is null) StartWhatMay();
            else EndIfIdle();
        }
    }

    /// <summary>Starts on the scheduler, without what is ambient where the call came from.</summary>
    private void Run<T>(Func<T, Task> action, T state)
    {
        var restore = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _ = Task.Factory.StartNew(() => action(state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
        restore?.Undo();
    }
}
