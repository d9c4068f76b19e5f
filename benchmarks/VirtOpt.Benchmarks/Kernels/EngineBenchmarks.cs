using BenchmarkDotNet.Attributes;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Benchmarks.Kernels;

/// <summary>The parts of the engine that every solve goes through, on a generated cluster of 100 hosts and 2,000 VMs.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Moves = 1000;
    private PlacementProblem problem = null!;
    private Scoring scoring = null!;
    private PlacementState state = null!;
    private PlaceTable table = null!;
    private PlaceFilter filter = null!;
    private (int Vm, Place To)[] moves = null!;

    [GlobalSetup]
    public void Setup()
    {
        problem = ClusterGenerator.Generate(new GeneratorOptions(100, 2000));
        PlacementModel model = problem.Compile();
        scoring = new Scoring(model);
        table = new PlaceTable(problem.Cluster);
        filter = new PlaceFilter(model, scoring);
        state = scoring.StateAt(Placement.StartOf(problem.Cluster).Places);
        Random random = new(1);
        moves = [.. Enumerable.Range(0, Moves).Select(_ => (random.Next(2000), new Place(new HostId(random.Next(100)))))];
    }

    [Benchmark]
    public int Compile() =>
        new PlacementProblem(problem.Cluster) { Constraints = problem.Constraints, Objectives = problem.Objectives }.Compile().Families.Count;

    [Benchmark(OperationsPerInvoke = Moves)]
    public long MoveAndScore()
    {
        long sum = 0;
        foreach ((int vm, Place to) in moves)
        {
            Place from = state.Places[vm];
            state.Move(vm, to);
            sum += state.Score().Broken;
            state.Move(vm, from);
        }

        return sum;
    }

    [Benchmark]
    public int BuildExactModel() =>
        new PlacementFormulation(problem.Compile(), scoring, table, filter, Placement.StartOf(problem.Cluster).Places).Rows.Variables.Count;

    [Benchmark]
    public int NaiveCheck() => PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster)).Violations.Count;
}
