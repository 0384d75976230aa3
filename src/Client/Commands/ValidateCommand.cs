using System.CommandLine;
using Grpc.Core;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var file = SpecArguments.File();
        var overrides = SpecArguments.Set();
        var remote = new Option<bool>("--remote") { Description = "Have a silo validate too: it also opens the data." };
        var command = new Verb(
            "validate",
            "Reports every error of a spec, or prints the spec with every default filled in. Needs no silo, except for the names of extensions.",
            "vaectl validate run.yaml",
            "vaectl validate run.yaml --remote --set data.path=/data/mnist") { file, overrides, remote };
        command.SetAction((result, cancellationToken) =>
        {
            var invocation = with(result);
            return invocation.CallAsync(async client =>
            {
                var text = await SpecArguments.ReadAsync(invocation.Terminal, invocation.Get(file), cancellationToken);
                var request = new ValidateRequest { Spec = text };
                request.Overrides.AddRange(invocation.Get(overrides));
                var response = invocation.Get(remote)
                    ? await client.Runs.ValidateAsync(request, cancellationToken: cancellationToken)
                    : await LocallyAsync(client, request, cancellationToken);
                if (invocation.IsJson)
                    invocation.WriteJson(response);
                else if (response.Errors.Count == 0)
                    invocation.WriteLine(response.Spec);
                else
                    invocation.Fail(ExitCode.Usage,
                        string.Join('\n',
                            response.Errors.Select(error => new SpecError(error.Path, error.Problem, error.Fix, error.Line))));
                return response.Errors.Count == 0 ? ExitCode.Success : ExitCode.Usage;
            });
        });
        return command;
    }

    /// <summary>Validates here. A name that is not known here may be of a silo's extension, so a silo is asked, where one answers.</summary>
    private static async Task<ValidateResponse> LocallyAsync(VaeClusterClient client, ValidateRequest request, CancellationToken cancellationToken)
    {
        var result = RunSpecReader.Read(request.Spec, request.Overrides);
        if (!result.Errors.Any(error => error.IsUnknownKind))
            return ResponseOf(result);
        try
        {
            return await client.Runs.ValidateAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return ResponseOf(result);
        }
    }

    private static ValidateResponse ResponseOf(SpecResult result)
    {
        var response = new ValidateResponse { Spec = result.IsValid ? RunSpecReader.Write(result.Spec) : "" };
        response.Errors.AddRange(result.Errors.Select(error =>
            new FieldError { Path = error.Path, Problem = error.Problem, Fix = error.Fix, Line = error.Line }));
        return response;
    }
}
