using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>
/// No blocking waits: a grain's thread belongs to the silo, and one that waits is missing for the calls that would end its wait.
/// </summary>
internal static class BlockingWaitRule
{
    private static readonly Dictionary<string, string[]> Blocking = new(StringComparer.Ordinal)
    {
        ["System.Threading.Tasks.Task"] = ["Wait", "WaitAll", "WaitAny"],
        ["System.Threading.Tasks.Task`1"] = ["get_Result"],
        ["System.Threading.Tasks.ValueTask`1"] = ["get_Result"],
        ["System.Threading.Thread"] = ["Sleep", "Join", "SpinWait"],
        ["System.Threading.SpinWait"] = ["SpinUntil"],
        ["System.Threading.SemaphoreSlim"] = ["Wait"],
        ["System.Threading.ManualResetEventSlim"] = ["Wait"],
        ["System.Threading.CountdownEvent"] = ["Wait"],
        ["System.Threading.Barrier"] = ["SignalAndWait"],
        ["System.Threading.Monitor"] = ["Wait"],
        ["System.Threading.WaitHandle"] = ["WaitOne", "WaitAll", "WaitAny", "SignalAndWait"],
        ["System.Collections.Concurrent.BlockingCollection`1"] = ["Take", "GetConsumingEnumerable"],
        ["System.Diagnostics.Process"] = ["WaitForExit"],
    };

    public static IReadOnlyList<Finding> Find(ModuleDefinition module) =>
    [
        .. from method in module.Methods()
           from instruction in method.Body.Instructions
           let callee = instruction.Operand as MethodReference
           where callee is not null && IsBlocking(callee)
           select Finding.At(method, instruction, $"{callee.DeclaringType.Name}.{callee.Name} blocks the thread"),
        .. module.Methods().SelectMany(GetResults),
    ];

    private static bool IsBlocking(MethodReference method) =>
        Blocking.TryGetValue(method.DeclaringType.GetElementType().FullName, out var names) && names.Contains(method.Name);

    /// <summary>An await asks an awaiter whether it is complete before it takes the result; who does not ask, waits.</summary>
    private static IEnumerable<Finding> GetResults(MethodDefinition method)
    {
        var results = CallsOfAwaiters(method, "GetResult").ToList();
        var awaits = method.IsAsyncBody() ? CallsOfAwaiters(method, "get_IsCompleted").Count() : 0;
        return results.Count > awaits ? results.Select(call => Finding.At(method, call, "GetAwaiter().GetResult() blocks the thread")) : [];
    }

    private static IEnumerable<Instruction> CallsOfAwaiters(MethodDefinition method, string name) =>
        method.Body.Instructions.Where(instruction => instruction.Operand is MethodReference callee
            && callee.Name == name
            && callee.DeclaringType.GetElementType().Name.TrimEnd('`', '1').EndsWith("Awaiter", StringComparison.Ordinal));
}
