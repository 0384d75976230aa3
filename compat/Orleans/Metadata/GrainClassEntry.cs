namespace Orleans.Runtime.Metadata;

/// <summary>What other processes need to know of a grain class: its name, and which interfaces it answers to.</summary>
[GenerateSerializer, Immutable]
internal sealed record GrainClassEntry(string GrainType, string ClassName, string[] Interfaces);
