using System.CommandLine;
using VirtOpt.Cli.Forecasts;

namespace VirtOpt.Cli;

/// <summary>The arguments and options that say which problem is meant; several commands share them.</summary>
internal sealed class ProblemOptions
{
    /// <summary>The files.</summary>
    public Argument<string[]> Input { get; } = new("INPUT")
    {
        Description = "the file or files of the problem; .gz is fine",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Their format.</summary>
    public Option<string?> Format { get; } = new("--format")
    {
        Description = "format of the input (see virtopt formats); detected if left out",
        HelpName = "F",
    };

    /// <summary>Rules and objectives from a file.</summary>
    public Option<string?> Policy { get; } = new("--policy")
    {
        Description = "file with rules that are added and objectives that replace those of the input",
        HelpName = "FILE",
    };

    /// <summary>Objectives by name.</summary>
    public Option<string?> Objective { get; } = new("--objective")
    {
        Description = "what to make small, instead of what the input or the policy asks for",
        HelpName = "consolidate|balance|fragmentation|energy",
    };

    /// <summary>Most migrations.</summary>
    public Option<long?> MigrationLimit { get; } = Numbers.Whole("--migration-limit", "N", "most migrations in all", 0, int.MaxValue);

    /// <summary>A forecast, and how often hosts may be overloaded under it.</summary>
    private readonly ForecastOptions forecast = new();

    /// <summary>Adds everything to a command.</summary>
    /// <param name="verb">The command.</param>
    /// <param name="mistyped">Refuses arguments that look like options.</param>
    public void AddTo(Verb verb, Action<System.CommandLine.Parsing.ArgumentResult> mistyped)
    {
        Input.Validators.Add(mistyped);
        verb.Arguments.Add(Input);
        verb.Options.Add(Format);
        verb.Options.Add(Policy);
        verb.Options.Add(Objective);
        verb.Options.Add(MigrationLimit);
        forecast.AddTo(verb);
    }

    /// <summary>Reads the problem.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read or makes no sense.</exception>
    public LoadedProblem Load(ParseResult parsed, Terminal terminal)
    {
        LoadedProblem loaded = FormatCatalogue.Load(parsed.GetRequiredValue(Input), parsed.GetValue(Format), new PolicyOverrides
        {
            PolicyFile = parsed.GetValue(Policy),
            Objective = parsed.GetValue(Objective),
            MigrationLimit = parsed.GetValue(MigrationLimit),
        });
        PlacementProblem own = loaded.Problem;
        Constraint[] rules = [.. forecast.Rules(parsed, own.Cluster, terminal)];
        if (rules.Length == 0) return loaded;
        return loaded with { Problem = new(own.Cluster) { Constraints = [.. own.Constraints, .. rules], Objectives = own.Objectives } };
    }
}
