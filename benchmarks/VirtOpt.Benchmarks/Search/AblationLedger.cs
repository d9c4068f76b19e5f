using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Search;

/// <summary>
/// Solves problems with all parts of the engine, then without one part after another, by work on one thread, so that machine and load do not matter, and
/// prints a row of CSV for each.
/// </summary>
internal static class AblationLedger
{
    private static readonly string[] Moves = ["shift", "swap", "swap of a size", "return", "return by a swap"];
    private static readonly string[] Balance = [.. Moves, SolverParts.Annealing, SolverParts.Overfull, SolverParts.LocalSearch, SolverParts.Neighbourhoods];

    private static readonly string[] Consolidation =
    [
        SolverParts.Patterns, SolverParts.Evacuation, SolverParts.LocalSearch, SolverParts.HostSets, SolverParts.Exact, SolverParts.Neighbourhoods, "evacuation",
    ];

    /// <summary>Runs all.</summary>
    /// <param name="data">Folder of public data; without the challenge's instances in it, only generated problems are solved.</param>
    /// <param name="work">Work for each solve.</param>
    public static void Run(string data, double work)
    {
        Console.WriteLine("instance,setting,without,work,objective,ratio,bound,moves,seconds");
        foreach (string name in (string[])["a1_4", "a2_2", "b_1"])
        {
            string[] files = [.. ((string[])["model", "assignment"]).Select(kind => Path.Combine(data, "roadef2012", $"{kind}_{name}.txt.gz"))];
            if (files.All(File.Exists)) Measure(name, "challenge", FormatCatalogue.Load(files, "roadef").Problem, Balance, work);
            else Console.Error.WriteLine($"{name} is left out: {files[0]} is not there.");
        }

        PlacementProblem generated = ClusterGenerator.Generate(new GeneratorOptions(100, 2000));
        Measure(
            "mixed-h100-v2000-s1", "balance",
            new PlacementProblem(generated.Cluster)
            {
                Constraints = generated.Constraints,
                Objectives = [new Overload(null, 60), new Migrations(MigrationMeasure.Count, 1)],
            },
            Balance, work);
        Measure("mixed-h100-v2000-s1", "consolidate", generated, Consolidation, work);
    }

    private static void Measure(string instance, string setting, PlacementProblem problem, string[] parts, double work)
    {
        long? whole = null;
        foreach (string part in (string[])["", .. parts])
        {
            long begin = Stopwatch.GetTimestamp();
            SolveOptions options = new() { Without = part.Length == 0 ? [] : [part], ExplainConflict = false };
            PlacementSolution solution = new PlacementSolver().Solve(problem, new MaxWork(work), options);
            whole ??= solution.Objective;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{instance},{setting},{part},{work},{solution.Objective},{(double?)solution.Objective / whole:F4},{solution.Bound:F0},"
                + $"{solution.Statistics.GetValueOrDefault("search.moves"):F0},{Stopwatch.GetElapsedTime(begin).TotalSeconds:F1}"));
        }
    }
}
