using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>Where a value may come from.</summary>
internal abstract record Origin
{
    /// <summary>A delegate of this function.</summary>
    public sealed record Function(MethodReference Method) : Origin;

    /// <summary>An argument of a method; the first one without <c>this</c> has the index 0.</summary>
    public sealed record Argument(string Method, int Index) : Origin;

    /// <summary>A variable: a local one, or a field.</summary>
    public sealed record Variable(string Name) : Origin;
}

/// <summary>A call, and where each of its arguments may come from.</summary>
internal sealed record CallSite(
    MethodDefinition Caller,
    Instruction Instruction,
    MethodReference Callee,
    IReadOnlyList<IReadOnlySet<Origin>> Arguments);

/// <summary>
/// Follows delegates through the methods of a module: over the evaluation stack, arguments, local variables and fields, and so closures and
/// state machines. Variables are not followed in time: whatever is ever stored in one may come out of it.
/// </summary>
internal sealed class DelegateFlow
{
    private static readonly IReadOnlySet<Origin> Unknown = new HashSet<Origin>();

    private readonly Dictionary<string, HashSet<Origin>> _stored = new(StringComparer.Ordinal);
    private readonly List<CallSite> _calls = [];

    public DelegateFlow(ModuleDefinition module)
    {
        foreach (var method in module.Methods())
            Follow(method);
    }

    public IReadOnlyList<CallSite> Calls => _calls;

    /// <summary>The functions and arguments that a value may be, through all variables in between.</summary>
    public IReadOnlySet<Origin> Resolve(IEnumerable<Origin> origins)
    {
        var (found, seen, open) = (new HashSet<Origin>(), new HashSet<Origin>(), new Queue<Origin>(origins));
        while (open.TryDequeue(out var origin))
        {
            if (!seen.Add(origin))
                continue;
            if (origin is not Origin.Variable variable)
                found.Add(origin);
            else if (_stored.TryGetValue(variable.Name, out var stored))
                stored.ToList().ForEach(open.Enqueue);
        }
        return found;
    }

    private void Follow(MethodDefinition method)
    {
        method.Body.SimplifyMacros();
        var stack = new Stack<IReadOnlySet<Origin>>();
        var atTargets = new Dictionary<Instruction, IReadOnlySet<Origin>[]>();
        foreach (var handler in method.Body.ExceptionHandlers.Where(handler => handler.HandlerType != ExceptionHandlerType.Finally))
            atTargets[handler.HandlerStart] = [Unknown];
        foreach (var handler in method.Body.ExceptionHandlers.Where(handler => handler.FilterStart is not null))
            atTargets[handler.FilterStart] = [Unknown];
        foreach (var instruction in method.Body.Instructions)
        {
            if (atTargets.TryGetValue(instruction, out var arriving))
                stack = Merge(stack, arriving);
            Step(method, instruction, stack);
            foreach (var target in TargetsOf(instruction))
                atTargets[target] = [.. stack.Reverse()];
            // What follows is reached from elsewhere only.
            if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw)
                stack = new();
        }
    }

    private void Step(MethodDefinition method, Instruction instruction, Stack<IReadOnlySet<Origin>> stack)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Dup:
                stack.Push(stack.Peek());
                return;
            case Code.Castclass:
                return;
            case Code.Ldftn:
                stack.Push(new HashSet<Origin> { new Origin.Function((MethodReference)instruction.Operand) });
                return;
            case Code.Ldvirtftn:
                stack.Pop();
                stack.Push(new HashSet<Origin> { new Origin.Function((MethodReference)instruction.Operand) });
                return;
            case Code.Ldarg when instruction.Operand is ParameterDefinition { Index: >= 0 } parameter:
                stack.Push(new HashSet<Origin> { new Origin.Argument(method.FullName, parameter.Index) });
                return;
            case Code.Ldloc:
                stack.Push(Variable(NameOf(method, (VariableDefinition)instruction.Operand)));
                return;
            case Code.Stloc:
                Store(NameOf(method, (VariableDefinition)instruction.Operand), stack.Pop());
                return;
            case Code.Ldfld or Code.Ldsfld:
                Pop(stack, instruction.OpCode.Code == Code.Ldfld ? 1 : 0);
                stack.Push(Variable(NameOf((FieldReference)instruction.Operand)));
                return;
            case Code.Stfld or Code.Stsfld:
                Store(NameOf((FieldReference)instruction.Operand), stack.Pop());
                Pop(stack, instruction.OpCode.Code == Code.Stfld ? 1 : 0);
                return;
            case Code.Call or Code.Callvirt or Code.Newobj:
                Call(method, instruction, stack);
                return;
            default:
                Pop(stack, PoppedBy(instruction, method, stack.Count));
                for (var i = 0; i < PushedBy(instruction); i++)
                    stack.Push(Unknown);
                return;
        }
    }

    private void Call(MethodDefinition method, Instruction instruction, Stack<IReadOnlySet<Origin>> stack)
    {
        var callee = (MethodReference)instruction.Operand;
        var isNew = instruction.OpCode.Code == Code.Newobj;
        var arguments = Pop(stack, callee.Parameters.Count);
        Pop(stack, callee.HasThis && !isNew ? 1 : 0);
        _calls.Add(new(method, instruction, callee, arguments));
        // A delegate is made of its target and its function.
        if (isNew && callee.Parameters is [_, { ParameterType.MetadataType: MetadataType.IntPtr }])
            stack.Push(arguments[1]);
        else if (isNew || callee.ReturnType.MetadataType != MetadataType.Void)
            stack.Push(Unknown);
    }

    private void Store(string name, IReadOnlySet<Origin> origins)
    {
        if (!_stored.TryGetValue(name, out var stored))
            _stored[name] = stored = [];
        stored.UnionWith(origins);
    }

    private static HashSet<Origin> Variable(string name) => [new Origin.Variable(name)];

    private static string NameOf(MethodDefinition method, VariableDefinition local) => $"{method.FullName} {local.Index}";

    private static string NameOf(FieldReference field) => $"{field.DeclaringType.GetElementType().FullName} {field.Name}";

    private static Stack<IReadOnlySet<Origin>> Merge(Stack<IReadOnlySet<Origin>> stack, IReadOnlySet<Origin>[] arriving)
    {
        if (stack.Count != arriving.Length)
            return new(arriving);
        return new(stack.Reverse().Zip(arriving, (a, b) => (IReadOnlySet<Origin>)new HashSet<Origin>(a.Concat(b))));
    }

    private static List<IReadOnlySet<Origin>> Pop(Stack<IReadOnlySet<Origin>> stack, int count)
    {
        var popped = new List<IReadOnlySet<Origin>>();
        for (var i = 0; i < count; i++)
            popped.Insert(0, stack.TryPop(out var value) ? value : Unknown);
        return popped;
    }

    private static Instruction[] TargetsOf(Instruction instruction) => instruction.Operand switch
    {
        Instruction target => [target],
        Instruction[] targets => targets,
        _ => [],
    };

    private static int PoppedBy(Instruction instruction, MethodDefinition method, int all) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8
            or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
        StackBehaviour.PopAll => all,
        StackBehaviour.Varpop when instruction.OpCode.Code == Code.Ret => method.ReturnType.MetadataType == MetadataType.Void ? 0 : 1,
        StackBehaviour.Varpop => all,
        _ => 3,
    };

    private static int PushedBy(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        _ => 1,
    };
}
