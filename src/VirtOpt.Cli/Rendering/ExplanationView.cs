using Spectre.Console;
using VirtOpt.Cli.Explaining;

namespace VirtOpt.Cli.Rendering;

/// <summary>A placement taken apart, for people.</summary>
internal static class ExplanationView
{
    private const int ShownRules = 30;

    /// <summary>Writes everything.</summary>
    public static void Write(Terminal terminal, Explanation explanation, IReadOnlyList<MoveReason> reasons)
    {
        IAnsiConsole console = Screen.Of(terminal);
        ClusterSnapshot cluster = explanation.Problem.Cluster;
        console.WriteLine(
            $"{cluster.Name}: {Screen.Count(cluster.Hosts.Count, "host")}, {Screen.Count(cluster.Vms.Count, "VM")}; "
            + $"{Screen.Number(explanation.Moved.Count)} moved.");
        TermView.Write(console, explanation.Start, explanation.Report);
        WriteRules(console, explanation.Rules);
        HostView.Write(console, cluster, explanation.Placement, explanation.HostCosts, explanation.MainLevel);
        WriteMoves(console, explanation, reasons);
        RuleView.WriteViolations(console, explanation.Report.Violations);
        RuleView.WriteUnrepaired(console, explanation.Report.Unrepaired);
    }

    private static void WriteRules(IAnsiConsole console, IReadOnlyList<RuleState> rules)
    {
        RuleState[] ordered = [.. rules.OrderByDescending(r => r.Now).ThenByDescending(r => r.AtStart)];
        Table table = Screen.NumberTable(2, "Rule", "Kind", "Broken at start", "Broken now");
        foreach (RuleState rule in ordered.Take(ShownRules))
            table.AddRow(
                Screen.Plain(rule.Rule.Describe()),
                Screen.Plain(rule.Rule.Soft is { } soft ? $"soft, weight {soft.Weight}, level {soft.Level}" : "hard"),
                Screen.Plain(Screen.Number(rule.AtStart)),
                rule.Now == 0 ? Screen.Plain("0") : Screen.Coloured(Screen.Number(rule.Now), Color.Yellow));
        console.Heading("Rules, most broken first");
        console.Write(table);
        if (ordered.Length > ShownRules) console.WriteLine($"  and {Screen.Count(ordered.Length - ShownRules, "more rule")} (--json lists all)");
    }

    private static void WriteMoves(IAnsiConsole console, Explanation explanation, IReadOnlyList<MoveReason> reasons)
    {
        if (explanation.Moved.Count == 0) return;
        ClusterSnapshot cluster = explanation.Problem.Cluster;
        console.Heading("Why each VM moved: the placement judged again without that one move");
        Table table = Screen.Table("VM", "From", "To", "Because");
        foreach (MoveReason reason in reasons)
            table.AddRow(
                Screen.Plain(cluster[reason.Vm].Name),
                Screen.Plain(PlanView.PlaceName(cluster, reason.From)),
                Screen.Plain(PlanView.PlaceName(cluster, reason.To)),
                Screen.Plain(reason.Text));
        console.Write(table);
        if (explanation.Moved.Count > reasons.Count)
            console.WriteLine(
                $"  {Screen.Number(explanation.Moved.Count - reasons.Count)} more not looked at: "
                + "each takes a check of the whole placement (--moves N for more)");
    }
}
