using System.CommandLine;
using VirtOpt.Cli.Explaining;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Takes a placement apart.</summary>
internal sealed class ExplainCommand : Verb
{
    private const int DefaultMoves = 20;
    private readonly ProblemOptions problem = new();
    private readonly Option<string?> solution = new("--solution")
    {
        Description = "result to explain, in the format of the input; the start if left out",
        HelpName = "FILE",
    };
    private readonly Option<long?> moves = Numbers.Whole("--moves", "N",
        $"how many moves to give reasons for; each takes a check of the whole placement [default: {DefaultMoves}]", 0, int.MaxValue);

    /// <summary>Makes the command.</summary>
    public ExplainCommand()
        : base("explain", "Take a placement apart: the objective by term, rule and host, and why each VM moved.")
    {
        problem.AddTo(this, RefuseMistypedOptions);
        Options.Add(solution);
        Options.Add(moves);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt explain cluster.json", "what the cluster is worth as it is now, and what is broken"),
        new("virtopt explain cluster.json --solution plan.json --moves 100", "why the VMs of a result moved"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        LoadedProblem loaded = problem.Load(parsed, terminal);
        loaded.Problem.Compile();
        Placement placement = parsed.GetValue(solution) is { } file ? loaded.ReadSolution(file) : Placement.StartOf(loaded.Problem.Cluster);
        Explanation explanation = new(loaded.Problem, placement);
        IReadOnlyList<MoveReason> reasons = explanation.Reasons((int)(parsed.GetValue(moves) ?? DefaultMoves), terminal.Cancellation);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, ExplanationJson.Of(explanation, reasons));
        else ExplanationView.Write(terminal, explanation, reasons);
        return ExitCode.Done;
    }
}
