namespace VirtOpt.Cli;

/// <summary>What the process ends with. The help of every command and src/VirtOpt.Cli/exit-codes.md list the same numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done: solved (optimal or feasible), or checked and found valid.</summary>
    public const int Done = 0;

    /// <summary>No valid placement exists, a plan leaves VMs behind, or the checker found a rule broken anew.</summary>
    public const int Infeasible = 1;

    /// <summary>The command line or an input file cannot be accepted.</summary>
    public const int BadInput = 2;

    /// <summary>Neither a placement nor a proof that none exists was found in time.</summary>
    public const int NoAnswer = 3;

    /// <summary>A defect of VirtOpt.</summary>
    public const int Internal = 4;

    /// <summary>Cancelled before there was a placement, or before a suite was through.</summary>
    public const int Cancelled = 130;

    /// <summary>The numbers with their meaning, for help texts.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Done, "done: solved (optimal or feasible), or checked and valid"),
        (Infeasible, "no valid placement exists, a plan leaves VMs behind, or the check found a broken rule"),
        (BadInput, "bad input or usage; the message says what, where and what was expected"),
        (NoAnswer, "no answer in time: neither a placement nor a proof that none exists"),
        (Internal, "internal error; VIRTOPT_DEBUG=1 shows the stack trace"),
        (Cancelled, "cancelled (Ctrl-C) before there was a placement, or before a suite was through"),
    ];

    /// <summary>The exit code of a solve.</summary>
    public static int Of(PlacementSolution solution, bool cancelled) => solution.Status switch
    {
        SolveStatus.Optimal or SolveStatus.Feasible => Done,
        SolveStatus.Infeasible => Infeasible,
        _ => cancelled ? Cancelled : NoAnswer,
    };
}
