using Mono.Cecil;

namespace VaeCluster.Architecture.Tests.Rules;

/// <summary>No type of TorchSharp: tensors are for VaeCluster.Training alone.</summary>
internal static class TorchSharpRule
{
    public static IReadOnlyList<string> Find(ModuleDefinition module) =>
    [
        .. from type in module.GetTypeReferences()
           where type.Scope is AssemblyNameReference { Name: "TorchSharp" }
           select $"{module.Assembly.Name.Name} mentions {type.FullName}",
    ];
}
