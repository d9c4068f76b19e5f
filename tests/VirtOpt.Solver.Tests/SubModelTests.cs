using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests;

/// <summary>
/// The exact model over some hosts, with VMs away from their starts: what it counts is what the state counts for the placement that it stands for.
/// </summary>
public sealed class SubModelTests
{
    public static TheoryData<string> Objectives => [.. ObjectiveCatalogue.Entries.Select(e => e.Name)];

    [Theory, MemberData(nameof(Objectives))]
    public void A_sub_model_counts_as_the_state_does(string name)
    {
        int solved = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(500 + seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 7, newVms: 0);
            PlacementProblem problem = new(cluster) { Objectives = [ObjectiveCatalogue.Named(name)!.Example(cluster, random)] };
            Scoring scoring = new(problem.Compile());
            Place[] current = RandomProblems.Placement(cluster, random).Places.ToArray();
            HashSet<int> hosts = [.. Enumerable.Range(0, cluster.Hosts.Count).Where(_ => random.Next(3) > 0)];
            PlacementFormulation formulation = new(
                problem.Compile(), scoring, new PlaceTable(cluster),
                new PlaceFilter(problem.Compile(), scoring), current, new FormulationScope { Hosts = hosts });
            LinearJob job = new() { Model = formulation.Rows, Objective = formulation.CombinedLevels(), Limit = TimeSpan.FromSeconds(10), Seed = 1 };
            if (new CpSatSolver().Minimise(job) is not { Status: LinearStatus.Optimal, Values: { } values }) continue;
            solved++;
            PlacementState state = scoring.StateAt(formulation.PlacesOf(values));
            for (int level = 0; level < scoring.Levels.Count; level++) Assert.Equal(state.Level(level), formulation.Levels[level].ValueAt(values));
        }

        Assert.True(solved > 5, $"Only {solved} sub-models had a solution.");
    }

    [Fact]
    public void Levels_combine_however_much_is_fixed()
    {
        Host[] hosts = [.. Enumerable.Range(0, 3).Select(h => new Host { Name = $"h{h}", Capacity = [10] })];
        VirtualMachine huge = new() { Name = "huge", Demand = [1_000_000_000_000], Start = new Place(new HostId(0)), Movable = false };
        VirtualMachine small = new() { Name = "small", Demand = [1], Start = new Place(new HostId(1)) };
        PlacementProblem problem = new(new ClusterSnapshot([new("cpu", "core")], hosts, [huge, small])) { Objectives = [new Overload(Weight: 50)] };
        Scoring scoring = new(problem.Compile());
        PlacementFormulation formulation = new(
            problem.Compile(), scoring, new PlaceTable(problem.Cluster), new PlaceFilter(problem.Compile(), scoring),
            Placement.StartOf(problem.Cluster).Places.ToArray());
        Assert.NotEmpty(formulation.CombinedLevels().Terms);
    }
}
