using System.CommandLine;
using System.CommandLine.Parsing;

namespace VirtOpt.Cli.Plans;

/// <summary>The options of commands that read a problem and a plan of it.</summary>
internal sealed class PlanFileOptions
{
    private readonly ProblemOptions problem = new();
    private readonly Option<string> plan;

    /// <param name="use">What the plan is read for, in a word that follows "plan to".</param>
    public PlanFileOptions(string use) =>
        plan = new("--plan") { Description = $"plan to {use} (JSON of virtopt plan)", HelpName = "FILE", Required = true };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Verb verb, Action<ArgumentResult> mistyped)
    {
        problem.AddTo(verb, mistyped);
        verb.Options.Add(plan);
    }

    /// <summary>Reads both, and judges the plan.</summary>
    /// <exception cref="InvalidInputException">One of them cannot be read.</exception>
    public (PlacementProblem Problem, TimedPlan Plan, IReadOnlyList<string> Faults) Read(ParseResult parsed, Terminal terminal)
    {
        PlacementProblem loaded = problem.Load(parsed, terminal).Problem;
        loaded.Validate();
        TimedPlan read = TimedPlanJson.Read(FileOf(parsed), loaded.Cluster);
        return (loaded, read, TimedPlanChecker.Check(loaded, read));
    }

    /// <summary>The name of the plan file.</summary>
    public string FileOf(ParseResult parsed) => parsed.GetRequiredValue(plan);
}
