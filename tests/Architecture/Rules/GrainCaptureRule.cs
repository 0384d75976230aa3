using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>
/// A delegate that runs on another thread must not have the grain: not its fields, its persistent state, its timers, its
/// <c>GrainFactory</c>, and not its log methods. Orleans gives a grain one thread at a time, and does not notice a second one.
/// </summary>
internal sealed class GrainCaptureRule
{
    private static readonly string[] GrainServices =
    [
        "Orleans.Runtime.IPersistentState`1", "Orleans.Core.IStorage`1", "Orleans.IGrainFactory", "Orleans.Runtime.IGrainTimer",
        "Orleans.Runtime.IGrainContext", "Orleans.Timers.ITimerRegistry",
    ];

    private readonly DelegateFlow _flow;
    private readonly HashSet<Origin> _passedOn = [];

    private GrainCaptureRule(ModuleDefinition module) => _flow = new DelegateFlow(module);

    public static IReadOnlyList<Finding> Find(ModuleDefinition module) => new GrainCaptureRule(module).Find();

    private List<Finding> Find()
    {
        // A method that hands its argument to another thread is one that starts threads itself.
        int known;
        do
        {
            known = _passedOn.Count;
            foreach (var call in _flow.Calls)
                _passedOn.UnionWith(Started(call).Where(origin => origin is Origin.Argument));
        }
        while (_passedOn.Count > known);

        return
        [
            .. from call in _flow.Calls
               from function in Started(call).OfType<Origin.Function>()
               let touched = TouchedBy(function.Method.Resolve())
               where touched is not null
               let what = $"{NameOf(call.Callee)} runs a delegate on another thread that has {touched}"
               select Finding.At(call.Caller, call.Instruction, what),
        ];
    }

    /// <summary>What a call hands to another thread.</summary>
    private HashSet<Origin> Started(CallSite call)
    {
        var callee = call.Callee.Resolve()?.FullName ?? "";
        var handedOver = IsStarter(call.Callee)
            ? call.Arguments
            : call.Arguments.Where((_, index) => _passedOn.Contains(new Origin.Argument(callee, index)));
        return [.. _flow.Resolve(handedOver.SelectMany(origins => origins))];
    }

    private static bool IsStarter(MethodReference method) =>
        (method.IsOf("System.Threading.Tasks.Task") && method.Name == "Run")
        || (method.IsOf("System.Threading.Tasks.TaskFactory") && method.Name == "StartNew")
        || (method.IsOf("System.Threading.Tasks.TaskFactory`1") && method.Name == "StartNew")
        || (method.IsOf("System.Threading.ThreadPool") && method.Name.EndsWith("QueueUserWorkItem", StringComparison.Ordinal))
        || method.IsOf("System.Threading.Tasks.Parallel")
        || (method.IsOf("System.Threading.Thread") && method.Name == ".ctor")
        || (method.IsOf("System.Threading.Timer") && method.Name == ".ctor");

    /// <summary>What of a grain a function uses, also in its lambdas, local functions and state machines; null if nothing.</summary>
    private static string? TouchedBy(MethodDefinition? function)
    {
        var (seen, open) = (new HashSet<MethodDefinition>(), new Queue<MethodDefinition>());
        if (function is { HasBody: true })
            open.Enqueue(function);
        while (open.TryDequeue(out var method))
        {
            if (!seen.Add(method))
                continue;
            if (method.HasThis && method.DeclaringType.IsGrain())
                return $"the grain {method.DeclaringType.Name} itself";
            foreach (var instruction in method.Body.Instructions)
            {
                if (instruction.Operand is FieldReference field && TouchedIn(field, instruction) is { } touched)
                    return touched;
                var next = (instruction.Operand as MethodReference)?.Resolve();
                if (next is { HasBody: true } && IsPartOf(next, method))
                    open.Enqueue(next);
            }
            foreach (var body in StateMachineOf(method))
                open.Enqueue(body);
        }
        return null;
    }

    private static string? TouchedIn(FieldReference field, Instruction instruction)
    {
        if (instruction.OpCode.Code is not (Code.Ldfld or Code.Ldflda))
            return null;
        var type = field.FieldType;
        if (type.IsGrain())
            return $"the grain {type.Name} itself";
        return GrainServices.Contains(type.GetElementType().FullName) ? $"{type.Name} {field.Name}" : null;
    }

    /// <summary>Whether a method is one that the compiler has made of a piece of another.</summary>
    private static bool IsPartOf(MethodDefinition method, MethodDefinition whole) => method.Module == whole.Module && method.IsGenerated();

    private static IEnumerable<MethodDefinition> StateMachineOf(MethodDefinition method) =>
        from attribute in method.CustomAttributes
        where attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)
        from body in ((TypeReference)attribute.ConstructorArguments[0].Value).Resolve().Methods
        where body.Name == "MoveNext"
        select body;

    private static string NameOf(MethodReference method) => $"{method.DeclaringType.Name}.{method.Name}";
}
