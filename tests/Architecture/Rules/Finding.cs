using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>A place that breaks a rule.</summary>
/// <param name="Type">The type, without the compiler's nested ones.</param>
/// <param name="Method">The method as it is written, also where the compiler has moved its body elsewhere.</param>
/// <param name="Line">The file and line; empty where the assembly has no symbols.</param>
/// <param name="What">What stands there.</param>
internal sealed record Finding(string Type, string Method, string Line, string What)
{
    public static Finding At(MethodDefinition method, Instruction instruction, string what)
    {
        var type = method.DeclaringType;
        var name = SourceNameOf(method.Name);
        while (type.DeclaringType is { } outer && type.Name.Contains('<', StringComparison.Ordinal))
        {
            // A state machine is named for its method; a closure is not, but the lambda in it is.
            name = type.Name.StartsWith("<>", StringComparison.Ordinal) ? name : SourceNameOf(type.Name);
            type = outer;
        }
        var point = method.DebugInformation.SequencePoints.LastOrDefault(point => !point.IsHidden && point.Offset <= instruction.Offset);
        return new(type.Name, name, point is null ? "" : $"{Path.GetFileName(point.Document.Url)}:{point.StartLine}", what);
    }

    public override string ToString() => $"{Line} {Type}.{Method}: {What}";

    /// <summary>The method's name in <c>&lt;Name&gt;b__0</c> and <c>&lt;&lt;Name&gt;b__0&gt;d</c>.</summary>
    private static string SourceNameOf(string name)
    {
        var start = name.LastIndexOf('<') + 1;
        var end = name.IndexOf('>', start);
        return start > 0 && end > start ? name[start..end] : name;
    }
}
