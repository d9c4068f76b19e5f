using System.Diagnostics;
using System.Globalization;
using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Benchmarks.Search;

/// <summary>
/// The baseline that needs no engine: one Boolean for each VM and host, the same rules, and CP-SAT with all threads, from the start of the cluster. Prints a
/// row of CSV for each generated cluster; a model that would not fit is not built, and its size is told.
/// </summary>
internal static class PlainLedger
{
    private const int BytesPerCoefficient = 100;
    private static readonly (int Hosts, int Vms, int Seed, int Seconds)[] Clusters =
        [(50, 500, 1, 30), (50, 500, 2, 30), (50, 500, 3, 30), (100, 2000, 1, 60), (1000, 20_000, 1, 60)];

    /// <summary>Runs all.</summary>
    /// <param name="mostGibibytes">Models that are estimated to take more memory are not built.</param>
    public static void Run(double mostGibibytes)
    {
        Console.WriteLine("instance,setting,booleans,status,objective,bound,gap,evacuation,seconds");
        foreach ((int hosts, int vms, int seed, int seconds) in Clusters)
        {
            PlacementProblem problem = ClusterGenerator.Generate(new GeneratorOptions(hosts, vms, seed));
            problem = new PlacementProblem(problem.Cluster) { Constraints = problem.Constraints, Objectives = [new HostPrice()] };
            string row = string.Create(CultureInfo.InvariantCulture, $"mixed-h{hosts}-v{vms}-s{seed},consolidate,{(long)hosts * vms}");
            long bytes = (long)hosts * vms * BytesPerCoefficient * (1 + problem.Cluster.Dimensions.Count);
            string result = bytes > mostGibibytes * (1 << 30) ? $"not built: about {bytes >> 30} GiB,,,,{Evacuated(problem)}," : Solve(problem, seconds);
            Console.WriteLine($"{row},{result}");
        }
    }

    private static string Solve(PlacementProblem problem, int seconds)
    {
        long begin = Stopwatch.GetTimestamp();
        PlacementModel model = problem.Compile();
        Scoring scoring = new(model);
        Place[] start = [.. Placement.StartOf(problem.Cluster).Places];
        PlacementFormulation plain = new(
            model, scoring, new PlaceTable(problem.Cluster), new PlaceFilter(model, scoring), start, new FormulationScope { CountsSingly = true });
        LinearOutcome outcome = new CpSatSolver().Minimise(new LinearJob
        {
            Model = plain.Rows,
            Objective = plain.Levels[0],
            Limit = TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(begin),
            Seed = 1,
            Threads = Environment.ProcessorCount,
            Hint = plain.CountsOf(start),
        });
        if (outcome.Values is not { } values) return $"{outcome.Status},,,,{Evacuated(problem)},{Stopwatch.GetElapsedTime(begin).TotalSeconds:F1}";
        Placement placement = new(plain.PlacesOf(values));
        if (!PlacementChecker.Check(problem, placement).IsValid) throw new InvalidOperationException("The plain model broke a rule.");
        long objective = scoring.StateAt(placement.Places).Level(0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Status},{objective},{outcome.Bound:F0},{(objective - outcome.Bound) / objective:F4},{Evacuated(problem)},"
            + $"{Stopwatch.GetElapsedTime(begin).TotalSeconds:F1}");
    }

    /// <summary>The price of the hosts that the evacuation heuristic alone keeps.</summary>
    private static long? Evacuated(PlacementProblem problem) => new PlacementSolver().Solve(problem, new MaxRuntime(TimeSpan.FromSeconds(10)), new SolveOptions
    {
        Without = [SolverParts.Patterns, SolverParts.LocalSearch, SolverParts.HostSets, SolverParts.Exact, SolverParts.Neighbourhoods],
    }).Objective;
}
