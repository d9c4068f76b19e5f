using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Plans;

/// <summary>Measures plans of instance files, solved first, and prints a row of CSV for each: the folder of BtrPlace's instances is meant.</summary>
internal static class InstanceLedger
{
    private const double SolveSeconds = 20;
    private const double PlanSeconds = 5;

    /// <summary>Runs all instances of a folder, by name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="format">Their format.</param>
    public static void Run(string folder, string format)
    {
        Console.WriteLine(
            "instance,vms,migrate,boot,resize,hosts,migrations,migrationsBound,makespan,makespanBound,"
            + "readSeconds,solveSeconds,planSeconds,unreached,faults");
        foreach (string path in Directory.EnumerateFiles(folder, "*.json.gz").Order(StringComparer.Ordinal)) Measure(path, format);
    }

    private static void Measure(string path, string format)
    {
        long begin = Stopwatch.GetTimestamp();
        LoadedProblem loaded = FormatCatalogue.Load([path], format);
        TimeSpan read = Stopwatch.GetElapsedTime(begin);
        SolveOptions options = new() { Threads = 2 };
        PlacementSolution solution = new PlacementSolver().Solve(loaded.Problem, new MaxRuntime(TimeSpan.FromSeconds(SolveSeconds)), options);
        TimeSpan solved = Stopwatch.GetElapsedTime(begin);
        TimedPlan plan = new MigrationPlanner().Schedule(
            loaded.Problem, solution.Placement!, loaded.PlanDefaults, new PlanOptions { Threads = 2, TimeLimit = TimeSpan.FromSeconds(PlanSeconds) });
        TimeSpan planned = Stopwatch.GetElapsedTime(begin);
        int Count(ActionKind kind) => plan.Actions.Count(a => a.Kind == kind);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)[..^".json.gz".Length]},{loaded.Problem.Cluster.Vms.Count},{Count(ActionKind.Migrate)},{Count(ActionKind.Boot)},"
            + $"{Count(ActionKind.Resize)},{Count(ActionKind.BootHost) + Count(ActionKind.ShutdownHost)},{plan.Moves.Count()},{plan.MigrationsBound},"
            + $"{plan.Makespan},{plan.Bound},{read.TotalSeconds:F2},{(solved - read).TotalSeconds:F2},{(planned - solved).TotalSeconds:F2},"
            + $"{plan.Unreached.Count},{TimedPlanChecker.Check(loaded.Problem, plan).Count}"));
    }
}
