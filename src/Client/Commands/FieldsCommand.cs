using System.CommandLine;
using System.Text.Json;
using VaeCluster.Client.Output;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl fields</c>.</summary>
internal static class FieldsCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var command = new Verb(
            "fields",
            "Prints every field of a spec, with its default, its rule and its meaning. Needs no silo.",
            "vaectl fields",
            "vaectl fields -o json");
        command.SetAction(result =>
        {
            var invocation = with(result);
            if (invocation.IsJson)
            {
                foreach (var field in SpecSchema.Fields)
                {
                    var row = new { path = field.Path, type = field.Type, @default = field.Default, rule = field.Rule, meaning = field.Meaning };
                    invocation.WriteLine(JsonSerializer.Serialize(row));
                }
            }
            else
            {
                invocation.Terminal.Output.Write(SpecTable.Markdown());
            }
            return ExitCode.Success;
        });
        return command;
    }
}
