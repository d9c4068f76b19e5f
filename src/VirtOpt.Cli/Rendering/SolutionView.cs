using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>A solved problem for people: what it is worth, what changes on the hosts, what to migrate, what is left broken.</summary>
internal static class SolutionView
{
    /// <summary>Writes everything.</summary>
    public static void Write(Terminal terminal, Outcome outcome)
    {
        IAnsiConsole console = Screen.Of(terminal);
        PlacementSolution solution = outcome.Solution;
        console.Write(Verdict(outcome));
        console.WriteLine();
        if (solution.Report is { } report)
        {
            TermView.Write(console, outcome.Start, report);
            WriteLevels(console, solution);
            TermView.WriteFigures(console, outcome.Figures);
            HostView.Write(console, outcome.Problem.Cluster, solution.Placement!);
            if (outcome.Plan is { } plan) PlanView.Write(console, outcome.Problem.Cluster, plan);
            RuleView.WriteUnrepaired(console, report.Unrepaired);
        }

        if (solution.Conflict is { } conflict) WriteConflict(console, outcome.Problem.Cluster, conflict);
    }

    private static Text Verdict(Outcome outcome)
    {
        PlacementSolution solution = outcome.Solution;
        string run = $"{Screen.Seconds(solution.Duration)}, seed {solution.Seed}{(solution.Engine.Length > 0 ? $", {solution.Engine}" : "")}";
        return solution.Status switch
        {
            SolveStatus.Optimal => Screen.Coloured($"Optimal: no valid placement is better. {Moves(outcome)} ({run})", Color.Green),
            SolveStatus.Feasible => Screen.Coloured($"Feasible: valid; {Distance(solution)}. {Moves(outcome)} ({run})", Color.Yellow),
            SolveStatus.Infeasible => Screen.Coloured($"Infeasible: no valid placement exists. ({run})", Color.Red),
            _ => Screen.Coloured($"No answer in time: neither a placement nor a proof that none exists. ({run})", Color.Red),
        };
    }

    /// <summary>How far a placement is from the best, in words: what is proven, and the first level that is not.</summary>
    private static string Distance(PlacementSolution solution)
    {
        LevelResult[] asked = [.. solution.Levels.Where(l => l.Level < PlacementProblem.TieBreakLevel)];
        if (Array.Find(asked, l => !l.IsProven) is not { } open) return "all levels are proven best";
        string proven = string.Concat(asked.TakeWhile(l => l.IsProven).Where(l => l.Level > 0).Select(l => $"level {l.Level} is proven best; "));
        string name = open.Level == 0 ? "what is left to repair" : asked.Count(l => l.Level > 0) == 1 ? "the best" : $"level {open.Level}";
        return GapOf(open) is { } gap ? $"{proven}{name} may be up to {Screen.Gap(gap)} lower" : $"{proven}how much lower {name} may be is not known";
    }

    private static double? GapOf(LevelResult level) => level switch
    {
        { IsProven: true } => 0,
        { Bound: { } bound, Value: not 0 } => Math.Max(0, (level.Value - bound) / Math.Abs((double)level.Value)),
        _ => null,
    };

    private static string Moves(Outcome outcome)
    {
        if (outcome.Plan is not { } plan || (plan.Migrations.Count == 0 && plan.Boots.Count == 0)) return "Nothing moves.";
        string hops = plan.Hops == 0 ? "" : $" ({Screen.Count(plan.Hops, "temporary hop")})";
        string migrations = plan.Migrations.Count == 0 ? ""
            : $"{Screen.Count(plan.Migrations.Count, "migration")}{hops} in {Screen.Count(plan.Waves.Count, "wave")}";
        string boots = plan.Boots.Count == 0 ? "" : $"{Screen.Count(plan.Boots.Count, "first placement")}";
        return $"{string.Join(" and ", new[] { migrations, boots }.Where(s => s.Length > 0))}.";
    }

    private static void WriteLevels(IAnsiConsole console, PlacementSolution solution)
    {
        if (solution.Levels.Count == 0) return;
        Table table = Screen.NumberTable(1, "Level", "Reached", "Lower bound", "Gap", "Proven");
        foreach (LevelResult level in solution.Levels)
        {
            table.AddRow(
                Screen.Plain(Screen.Level(level.Level)),
                Screen.Plain(Screen.Number(level.Value)),
                Screen.Plain(Screen.Number(level.Bound)),
                Screen.Plain(Screen.Gap(GapOf(level))),
                level.IsProven ? Screen.Coloured("yes", Color.Green) : Screen.Coloured("no", Color.Yellow));
        }

        console.Heading("How good that is");
        console.Write(table);
    }

    private static void WriteConflict(IAnsiConsole console, ClusterSnapshot cluster, Conflict conflict)
    {
        console.Heading("Why");
        console.WriteLine(conflict.Message);
        foreach (string rule in conflict.Rules) console.WriteLine($"  rule  {rule}");
        foreach (VmId vm in conflict.Vms.Take(20)) console.WriteLine($"  VM    {cluster[vm]}");
        if (conflict.Vms.Count > 20) console.WriteLine($"  and {Screen.Count(conflict.Vms.Count - 20, "more VM")}");
        console.WriteLine(conflict.IsMinimal
            ? "Without any one of these the others could be met."
            : "Time ran out before the set was as small as it can be: some of these may not matter.");
        if (conflict.Relaxations.Count == 0) return;
        console.Heading("What would have to change (any one of these, cheapest first)");
        foreach (string relaxation in conflict.Relaxations) console.WriteLine($"  {relaxation}");
    }
}
