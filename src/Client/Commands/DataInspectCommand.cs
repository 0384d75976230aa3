using System.CommandLine;
using System.Text.Json;
using VaeCluster.Client.Output;
using VaeCluster.Contracts;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Inspection;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl data inspect</c>.</summary>
internal static class DataInspectCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var path = new Argument<string>("path") { Description = "A folder of images, or IDX or NumPy files, on this machine." };
        var array = new Option<string>("--array") { Description = "The array of an .npz file to read.", HelpName = "name" };
        var layout = new Option<ArrayLayoutKind>("--layout") { Description = "Axes of an array, as data.layout of a spec." };
        Choice.Among(layout, [.. Enum.GetValues<ArrayLayoutKind>().Select(kind => (SpecNames.Of(kind), kind))]);
        var command = new Verb(
            "inspect",
            "Reads a data set, and reports its shape and values and the files that cannot be used. Exits with 1 when a file cannot be used.",
            "vaectl data inspect /data/mnist",
            "vaectl data inspect faces/ -o json",
            "vaectl data inspect digits.npz --array x_train") { path, array, layout };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.RunAsync(async () =>
            {
                var progress = new InspectionProgress(invocation.Terminal);
                var report = await Task.Run(
                    () => DataInspector.Inspect(invocation.Get(path), invocation.Get(array), invocation.Get(layout), progress),
                    cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteLine(JsonSerializer.Serialize(report, JsonForms.Line));
                else
                    DataReportText.Write(invocation.Terminal.Output, report);
                return report.BadFiles == 0 ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command;
    }
}
