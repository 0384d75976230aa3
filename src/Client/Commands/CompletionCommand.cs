using System.CommandLine;

namespace VaeCluster.Client.Commands;

/// <summary><c>vaectl completion</c>: scripts that let a shell ask this program what may come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _vaectl() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(vaectl "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _vaectl vaectl
        """;

    private const string Zsh = """
        _vaectl() {
            local completions=("${(@f)$(vaectl "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${completions[@]}"
            _files
        }
        compdef _vaectl vaectl
        """;

    private const string Fish = """
        complete -c vaectl -a '(vaectl "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(Func<ParseResult, Invocation> with)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Verb(
            "completion",
            "Prints a script that completes vaectl's commands and options in a shell.",
            "source <(vaectl completion bash)",
            "vaectl completion fish > ~/.config/fish/completions/vaectl.fish") { shell };
        command.SetAction(result =>
        {
            var invocation = with(result);
            invocation.WriteLine(invocation.Get(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Success;
        });
        return command;
    }
}
