using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>No <c>ConfigureAwait(false)</c>: what follows it runs outside the grain's own scheduler.</summary>
internal static class ConfigureAwaitRule
{
    /// <summary>The option that says the same as true.</summary>
    private const int ContinueOnCapturedContext = 1;

    public static IReadOnlyList<Finding> Find(ModuleDefinition module) =>
    [
        .. from method in module.Methods()
           from call in Calls(method)
           where !SaysTrue(call.Previous)
           select Finding.At(method, call, "ConfigureAwait leaves the grain's scheduler"),
    ];

    private static IEnumerable<Instruction> Calls(MethodDefinition method)
    {
        method.Body.SimplifyMacros();
        return method.Body.Instructions.Where(instruction => instruction.Operand is MethodReference { Name: "ConfigureAwait" });
    }

    /// <summary>Whether the argument is a constant that stays on the scheduler; one that is computed may be anything.</summary>
    private static bool SaysTrue(Instruction argument) =>
        argument is { OpCode.Code: Code.Ldc_I4, Operand: int value } && (value & ContinueOnCapturedContext) != 0;
}
