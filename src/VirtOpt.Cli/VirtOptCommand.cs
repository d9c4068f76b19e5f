using System.CommandLine;
using System.CommandLine.Help;
using VirtOpt.Cli.Commands;

namespace VirtOpt.Cli;

/// <summary>The command line: from words to an exit code. Program and tests enter here.</summary>
internal static class VirtOptCommand
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after <c>virtopt</c>.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Invoke(IReadOnlyList<string> args, Terminal terminal)
    {
        try
        {
            ParseResult parsed = Root(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            bool wantsHelp = parsed.Action is HelpWithExamples or HelpAction;
            if (parsed.Errors.Count > 0 && !wantsHelp) return Refuse(parsed, terminal);
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e)
        {
            return Report(e, terminal);
        }
    }

    /// <summary>The parser with all commands.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("Finds provably good placements of virtual machines on hosts, and the migrations that lead there.");
        foreach (Verb verb in CommandCatalogue.Verbs())
        {
            verb.Options.Add(verb.Json);
            verb.SetAction(parsed => verb.Run(parsed, terminal));
            root.Subcommands.Add(verb);
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        foreach (string message in parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)) terminal.Error.WriteLine($"virtopt: {message}");
        string command = parsed.CommandResult.Command is Verb verb ? $"virtopt {verb.Name}" : "virtopt";
        terminal.Error.WriteLine($"See {command} --help.");
        return ExitCode.BadInput;
    }

    private static int Report(Exception e, Terminal terminal)
    {
        if (e is OperationCanceledException && terminal.Cancellation.IsCancellationRequested)
        {
            terminal.Error.WriteLine("virtopt: cancelled.");
            return ExitCode.Cancelled;
        }

        bool isInput = e is InvalidInputException or IOException or UnauthorizedAccessException;
        terminal.Error.WriteLine($"virtopt: {(isInput ? "" : "internal error: ")}{e.Message}");
        if (!isInput) terminal.Error.WriteLine("This is a defect of VirtOpt. Please report it with the input; VIRTOPT_DEBUG=1 shows where it happened.");
        if (terminal.IsDebugging) terminal.Error.WriteLine(e);
        return isInput ? ExitCode.BadInput : ExitCode.Internal;
    }
}
