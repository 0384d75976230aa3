namespace Orleans.Runtime.Messaging;

/// <summary>The kinds of messages on the wire.</summary>
internal enum MessageKind : byte
{
    /// <summary>A call that wants an answer.</summary>
    Request = 1,

    /// <summary>A call that wants none.</summary>
    OneWay = 2,

    /// <summary>A result.</summary>
    Result = 3,

    /// <summary>An exception in place of a result.</summary>
    Failure = 4,

    /// <summary>The caller gave up; the callee's cancellation token is to fire.</summary>
    Cancel = 5,

    /// <summary>The call went on to another silo, which answers in this one's place.</summary>
    Moved = 6,
}
