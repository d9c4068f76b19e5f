using System.CommandLine;
using System.CommandLine.Parsing;

namespace VirtOpt.Cli;

/// <summary>A line of a help text that can be typed as it stands.</summary>
/// <param name="Line">What to type.</param>
/// <param name="Purpose">What it does.</param>
internal sealed record Example(string Line, string Purpose);

/// <summary>A command of <c>virtopt</c>: one file in Commands and one line in <see cref="Commands.CommandCatalogue"/>.</summary>
/// <param name="name">What is typed.</param>
/// <param name="summary">What it does, in one sentence.</param>
internal abstract class Verb(string name, string summary) : Command(name, summary)
{
    /// <summary>Lines for the help text.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Option for machines; every command has it.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "write one JSON document to standard output and nothing else there" };

    /// <summary>Runs the command.</summary>
    /// <param name="parsed">The values of its arguments and options.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    /// <exception cref="InvalidInputException">The input cannot be accepted.</exception>
    public abstract int Run(ParseResult parsed, Terminal terminal);

    /// <summary>Refuses words that look like an option: the parser would take a mistyped option for a file.</summary>
    protected static void RefuseMistypedOptions(ArgumentResult argument)
    {
        foreach (Token token in argument.Tokens)
            if (token.Value.StartsWith('-') && token.Value.Length > 1)
                argument.AddError($"There is no option ({token.Value}).\nMaybe a file of that name was meant: write ./{token.Value}");
    }
}
