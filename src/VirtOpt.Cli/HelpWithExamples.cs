using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VirtOpt.Cli;

/// <summary>The usual help text, followed by examples and exit codes.</summary>
/// <param name="usual">Writes the usual text.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Example[] General =
    [
        new("virtopt solve cluster.json", "find the best placement and show what changes"),
        new("virtopt generate --hosts 20 --vms 200 --seed 1 --output cluster.json", "make a cluster to try things on"),
        new("virtopt solve --help", "all options of a command"),
    ];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        TextWriter to = parseResult.InvocationConfiguration.Output;
        to.WriteLine("Examples:");
        foreach (Example example in parseResult.CommandResult.Command is Verb verb ? verb.Examples : General)
        {
            to.WriteLine($"  {example.Line}");
            to.WriteLine($"      {example.Purpose}");
        }

        to.WriteLine();
        to.WriteLine("Exit codes:");
        foreach ((int code, string meaning) in ExitCode.Meanings) to.WriteLine($"  {code,3}  {meaning}");
        return ExitCode.Done;
    }
}
