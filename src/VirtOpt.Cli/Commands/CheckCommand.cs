using System.CommandLine;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Judges a solution file by the independent checker.</summary>
internal sealed class CheckCommand : Verb
{
    private readonly ProblemOptions problem = new();
    private readonly Option<string> solution = new("--solution")
    {
        Description = "result to judge, in the format of the input",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Makes the command.</summary>
    public CheckCommand()
        : base("check", "Judge a result with the naive checker, which shares no code with the engines.")
    {
        problem.AddTo(this, RefuseMistypedOptions);
        Options.Add(solution);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt check cluster.json --solution plan.json", "see whether a result keeps all rules, and what it is worth"),
        new("virtopt check medium.json.gz --migration-limit 50 --solution out.json --json", "the same for a program, with a limit"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        LoadedProblem loaded = problem.Load(parsed, terminal);
        loaded.Problem.Compile();
        Placement placement = loaded.ReadSolution(parsed.GetRequiredValue(solution));
        CheckReport start = PlacementChecker.Check(loaded.Problem, Placement.StartOf(loaded.Problem.Cluster));
        CheckReport report = PlacementChecker.Check(loaded.Problem, placement);
        IReadOnlyDictionary<string, double> figures = report.IsValid ? loaded.Figures(placement) : new Dictionary<string, double>();
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, Document(loaded.Problem, placement, start, report, figures));
        else Show(terminal, start, report, figures);
        return report.IsValid ? ExitCode.Done : ExitCode.Infeasible;
    }

    private static JObject Document(PlacementProblem problem, Placement placement, CheckReport start, CheckReport report,
        IReadOnlyDictionary<string, double> figures)
    {
        PlacementView view = new(problem.Cluster, placement);
        JObject document = new()
        {
            ["valid"] = report.IsValid,
            ["violations"] = report.Violations.Count,
            ["violatedRules"] = ReportJson.Rules(report.Violations),
            ["unrepaired"] = report.Unrepaired.Count,
            ["unrepairedRules"] = ReportJson.Rules(report.Unrepaired),
            ["terms"] = ReportJson.Terms(report, start),
            ["moved"] = placement.Count == problem.Cluster.Vms.Count ? problem.Cluster.AllVms.Members.Count(view.HasMoved) : null,
        };
        foreach ((string name, double value) in figures) document[name] = JsonOut.Number(value);
        return document;
    }

    private static void Show(Terminal terminal, CheckReport start, CheckReport report, IReadOnlyDictionary<string, double> figures)
    {
        IAnsiConsole console = Screen.Of(terminal);
        console.Write(report.IsValid ? Screen.Coloured("Valid: no rule is broken that the start keeps.", Color.Green)
            : Screen.Coloured("Not valid.", Color.Red));
        console.WriteLine();
        RuleView.WriteViolations(console, report.Violations);
        TermView.Write(console, start, report);
        TermView.WriteFigures(console, figures);
        RuleView.WriteUnrepaired(console, report.Unrepaired);
    }
}
