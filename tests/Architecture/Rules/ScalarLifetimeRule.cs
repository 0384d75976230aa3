using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>
/// A number that goes into libtorch or comes out of it lives until it is read: it is in a static field, or disposed after the operation.
/// TorchSharp's operators with numbers, its sums, squares and some of its modules drop theirs before; a garbage collection at that moment
/// makes the operation fail.
/// </summary>
internal static class ScalarLifetimeRule
{
    private const string Tensor = "TorchSharp.torch/Tensor";
    private const string Scalar = "TorchSharp.Scalar";

    private static readonly string[] Sums = ["add", "add_"];
    private static readonly string[] Dropping = ["square", "square_", "softplus", "leaky_relu", "elu"];
    private static readonly string[] DroppingModules = ["LeakyReLU", "ELU", "Softplus"];

    public static IReadOnlyList<Finding> Find(ModuleDefinition module) =>
    [
        .. from method in module.Methods()
           from instruction in method.Body.Instructions
           let callee = instruction.Operand as MethodReference
           where callee is not null && (Drops(callee) || IsDropped(method, instruction, callee))
           select Finding.At(method, instruction, $"{callee.DeclaringType.Name}.{callee.Name} may free its number before it is read"),
    ];

    /// <summary>Whether TorchSharp makes a scalar in there that nothing keeps.</summary>
    private static bool Drops(MethodReference method)
    {
        if (method.IsOf("TorchSharp.torch/nn"))
            return DroppingModules.Contains(method.Name);
        // ToDouble and its like; a scalar that somebody else keeps may be read so.
        if (method.IsOf("TorchSharp.TensorExtensionMethods"))
            return method.Name.StartsWith("To", StringComparison.Ordinal) && method.ReturnType.IsPrimitive;
        if (!method.IsOf(Tensor))
            return false;
        if (method.Name == "op_Explicit")
            return true;
        var isWithNumber = method.Parameters.Any(parameter => parameter.ParameterType.IsPrimitive);
        if (method.Name.StartsWith("op_", StringComparison.Ordinal) && method.Parameters.Count == 2)
            return isWithNumber || method.Name is "op_Addition";
        // Those that take all their scalars from the caller are allowed.
        return (Sums.Contains(method.Name) && method.Parameters.Count == 1)
            || (Dropping.Contains(method.Name) && method.Parameters.All(parameter => parameter.ParameterType.FullName != Scalar));
    }

    /// <summary>Whether a call makes a scalar that is neither stored in a field nor disposed in a finally block.</summary>
    private static bool IsDropped(MethodDefinition method, Instruction instruction, MethodReference callee)
    {
        var isScalar = callee.ReturnType.FullName == Scalar && callee.Name is "op_Implicit" or "ToScalar";
        if (!isScalar || instruction.Next?.OpCode.Code is Code.Stsfld or Code.Stfld)
            return false;
        return !method.Body.ExceptionHandlers.Any(handler => handler.HandlerType == ExceptionHandlerType.Finally && Disposes(handler));
    }

    private static bool Disposes(ExceptionHandler handler)
    {
        for (var instruction = handler.HandlerStart; instruction is not null; instruction = instruction.Next)
        {
            if (instruction == handler.HandlerEnd)
                return false;
            if (instruction.Operand is MethodReference { Name: "Dispose" })
                return true;
        }
        return false;
    }
}
