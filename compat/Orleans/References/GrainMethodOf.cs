using System.Reflection;
using Orleans.Serialization;
using Orleans.Serialization.Objects;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.References;

/// <inheritdoc cref="GrainMethod"/>
/// <typeparam name="TArgs">A tuple of the parameters, less the cancellation token.</typeparam>
/// <typeparam name="TResult">What the task brings, or <see cref="Nothing"/>.</typeparam>
internal sealed class GrainMethod<TArgs, TResult> : GrainMethod where TArgs : struct
{
    private readonly LevelCodec<TArgs> _arguments;
    private readonly Type[] _parameterTypes;
    private Codec<TResult>? _result;

    public GrainMethod(GrainInterfaceType interfaceName, MethodInfo method) : base(interfaceName, method)
    {
        Invoke = MethodInvoker.Compile<TArgs, TResult>(method);
        var parameters = MethodShape.Payload(method);
        _parameterTypes = [.. parameters.Select(parameter => parameter.ParameterType)];
        _arguments = new(new(typeof(TArgs), [.. parameters.Select(Model)]));
    }

    public Func<object, TArgs, CancellationToken, ValueTask<TResult>> Invoke { get; }

    public override IEnumerable<Type> PayloadTypes => [.. _parameterTypes, typeof(TResult)];

    public Codec<TResult> Result => _result ??= CodecSet.Get<TResult>();

    public override GrainCall ReadCall(FrameReader reader)
    {
        TArgs arguments = default;
        _arguments.Read(reader, ref arguments);
        return new GrainCall<TArgs, TResult>(this, arguments);
    }

    public void WriteArguments(FrameWriter writer, ref TArgs arguments) => _arguments.Write(writer, ref arguments);

    public TArgs CopyArguments(ref TArgs arguments)
    {
        TArgs copy = default;
        _arguments.Copy(ref arguments, ref copy, 0);
        return copy;
    }

    private static MemberModel Model(ParameterInfo parameter, int place) => new(
        typeof(TArgs),
        (uint)place,
        false,
        typeof(TArgs).GetField($"Item{place + 1}")!,
        parameter.IsDefined(typeof(ImmutableAttribute)));
}
