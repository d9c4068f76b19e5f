using BenchmarkDotNet.Attributes;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Benchmarks.Kernels;

/// <summary>
/// Moves of the local search on a generated cluster of 1,000 hosts and 20,000 VMs with groups: chosen by chance, judged, and almost all refused, as in
/// most of a search. One operation is one move.
/// </summary>
[MemoryDiagnoser]
public class SearchBenchmarks
{
    private const int Moves = 200_000;
    private readonly Shift shift = new();
    private readonly Swap swap = new();
    private readonly SwapAlike swapAlike = new();
    private SearchField searched = null!;

    [GlobalSetup]
    public void Setup()
    {
        PlacementProblem generated = ClusterGenerator.Generate(new GeneratorOptions(1000, 20_000));
        PlacementProblem problem = new(generated.Cluster)
        {
            Constraints = generated.Constraints,
            Objectives = [new Overload(null, 60), new Migrations(MigrationMeasure.Count, 1)],
        };
        PlacementModel model = problem.Compile();
        Scoring scoring = new(model);
        ReadOnlySpan<Place> start = Placement.StartOf(problem.Cluster).Places;
        CandidateTable candidates = new(model, new PlaceFilter(model, scoring), new PlaceTable(problem.Cluster));
        SearchState state = new(new SearchModel(model, scoring, scoring.StateAt(start).Score(), 0), start);
        Territory whole = Territory.Whole(problem.Cluster.Hosts.Count);
        searched = new SearchField(state, candidates, whole, new SizeOrder(problem.Cluster, candidates), new FastRandom(1), 0.5);
        for (int i = 0; i < 20; i++) Run(shift);
    }

    [Benchmark(OperationsPerInvoke = Moves)]
    public int Shifts() => Run(shift);

    [Benchmark(OperationsPerInvoke = Moves)]
    public int Swaps() => Run(swap);

    [Benchmark(OperationsPerInvoke = Moves)]
    public int SwapsOfASize() => Run(swapAlike);

    /// <summary>A VM and a place, drawn by chance and not judged.</summary>
    [Benchmark(OperationsPerInvoke = Moves)]
    public int DrawsOfShifts()
    {
        int drawn = 0;
        searched.NextBlock();
        for (int i = 0; i < Moves; i++)
            if (searched.TryRandomPlace(searched.RandomVm(), out _)) drawn++;
        return drawn;
    }

    /// <summary>Shifts that end at the tables of loads, because no change of energy is small enough.</summary>
    [Benchmark(OperationsPerInvoke = Moves)]
    public int ShiftsJudgedByTables() => Run(shift, double.NegativeInfinity);

    private int Run(Move move, double limit = 0)
    {
        int made = 0;
        searched.NextBlock();
        for (int i = 0; i < Moves; i++)
            if (move.Try(searched, limit)) made++;
        return made;
    }
}
