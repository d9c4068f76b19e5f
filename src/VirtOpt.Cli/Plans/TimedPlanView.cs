using System.Globalization;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>A timed plan for people, and its summary for programs.</summary>
internal static class TimedPlanView
{
    private const int Shown = 30;

    /// <summary>Whether there is a time by which all must be done.</summary>
    public static bool HasEnd(PlanLimits limits) => limits.Deadline is not null || limits.Windows.Count > 0;

    /// <summary>Writes the plan.</summary>
    public static void Write(Terminal terminal, ClusterSnapshot cluster, TimedPlan plan, TransferFit? fit)
    {
        if (fit is not null) FitView.Write(terminal, fit);
        IAnsiConsole console = Screen.Of(terminal);
        console.WriteLine(
            $"{Screen.Count(plan.Moves.Count(), "migration")}{(plan.Hops > 0 ? $" ({Screen.Count(plan.Hops, "hop")} among them)" : "")} "
            + $"in {Screen.Number(plan.Makespan)} s{Proof(plan)}.{FewestNeeded(plan)}");
        if (plan.Interruptions > 0) console.WriteLine($"Standing still on the way, because no hop breaks a cycle: {Screen.Count(plan.Interruptions, "VM")}.");
        if (plan.Curve is { } curve) CurveView.Write(console, curve);
        if (plan.Actions.Count > 0) WriteActions(console, cluster, plan);
        if (plan.IsComplete) return;
        console.Heading($"{Screen.Count(plan.Unreached.Count, "VM")} stay behind");
        foreach (UnreachedVm vm in plan.Unreached.Take(Shown)) console.WriteLine($"  {cluster[vm.Vm].Name}: {vm.Reason}");
        if (plan.Unreached.Count > Shown) console.WriteLine($"  and {Screen.Number(plan.Unreached.Count - Shown)} more (--output FILE writes them all)");
    }

    /// <summary>The document of <c>virtopt plan --json</c>.</summary>
    public static JObject Document(ClusterSnapshot cluster, TimedPlan plan, TransferFit? fit) => new()
    {
        ["complete"] = plan.IsComplete,
        ["makespan"] = plan.Makespan,
        ["bound"] = plan.Bound,
        ["boundOfAll"] = plan.BoundOfAll,
        ["gap"] = plan is { Bound: { } bound, Makespan: > 0 } ? JsonOut.Number((plan.Makespan - bound) / (double)plan.Makespan) : JValue.CreateNull(),
        ["actions"] = plan.Actions.Count,
        ["migrations"] = plan.Moves.Count(),
        ["migrationsBound"] = plan.MigrationsBound,
        ["hops"] = plan.Hops,
        ["boots"] = plan.Actions.Count(a => a.Kind == ActionKind.Boot),
        ["interruptions"] = plan.Interruptions,
        ["sumOfEnds"] = plan.Actions.Sum(a => a.End),
        ["longestChain"] = LongestChain(plan),
        ["fit"] = FitView.Document(fit),
        ["curve"] = CurveView.Document(plan.Curve),
        ["unreached"] = new JArray(plan.Unreached.Select(vm => new JObject { ["vm"] = cluster[vm.Vm].Name, ["reason"] = vm.Reason })),
    };

    /// <summary>How few migrations could do, where rules that the start breaks ask for some.</summary>
    private static string FewestNeeded(TimedPlan plan) => plan.MigrationsBound switch
    {
        null or 0 => "",
        { } bound when bound == plan.Moves.Count() => " Fewer migrations cannot repair what the start breaks.",
        { } bound => $" At least {Screen.Count(bound, "migration")} must be for what the start breaks to be repaired.",
    };

    /// <summary>What is proven of the makespan, against plans with as few moves and against all.</summary>
    private static string Proof(TimedPlan plan)
    {
        if (plan.Bound is not { } bound) return "";
        string few = bound == plan.Makespan ? "proven shortest" : $"at least {Screen.Number(bound)} s are needed";
        return plan.BoundOfAll is { } all && all < bound ? $", {few} with each VM moved once ({Screen.Number(all)} s with hops at best)" : $", {few}";
    }

    /// <summary>Most actions that wait for each other in a row: a delay of the first is a delay of all.</summary>
    private static int LongestChain(TimedPlan plan)
    {
        Dictionary<int, int> length = [];
        foreach (PlannedAction action in plan.Actions) length[action.Id] = 1 + action.After.Select(id => length.GetValueOrDefault(id)).DefaultIfEmpty(0).Max();
        return length.Values.DefaultIfEmpty(0).Max();
    }

    private static void WriteActions(IAnsiConsole console, ClusterSnapshot cluster, TimedPlan plan)
    {
        Table table = Screen.Table("Id", "Start", "End", "What", "VM or host", "From", "To", "After");
        foreach (PlannedAction action in plan.Actions.Take(Shown))
        {
            string name = action.Vm is { } vm ? cluster[vm].Name : action.Host is { } host ? cluster[host].Name : "";
            table.AddRow(
                Screen.Plain(action.Id.ToString(CultureInfo.InvariantCulture)),
                Screen.Plain(Screen.Number(action.Start)), Screen.Plain(Screen.Number(action.End)),
                Screen.Plain(action.Kind.Word() + (action.IsHop ? " (hop)" : "")), Screen.Plain(name),
                Screen.Plain(action.From is { } from ? PlanView.PlaceName(cluster, from) : ""),
                Screen.Plain(action.To is { } to ? PlanView.PlaceName(cluster, to) : ""),
                Screen.Plain(string.Join(' ', action.After)));
        }

        console.Heading("Actions (seconds from the begin of the plan)");
        console.Write(table);
        if (plan.Actions.Count > Shown) console.WriteLine($"  and {Screen.Count(plan.Actions.Count - Shown, "more action")} (--output FILE writes them all)");
    }
}
