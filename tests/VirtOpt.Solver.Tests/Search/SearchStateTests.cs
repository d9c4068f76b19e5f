using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Tests.Search;

/// <summary>For every entry of the catalogues: the kernels of the local search = the generic state, move by move.</summary>
public sealed class SearchStateTests
{
    private const int Seeds = 60;
    private const int Tries = 60;

    public static TheoryData<string> Constraints => [.. ConstraintCatalogue.Entries.Select(e => e.Name)];

    public static TheoryData<string> Objectives => [.. ObjectiveCatalogue.Entries.Select(e => e.Name)];

    [Theory, MemberData(nameof(Constraints))]
    public void HardConstraintsAreKeptMoveByMove(string name) => AssertAgreement((cluster, random) =>
        ConstraintCatalogue.Named(name)!.Example(cluster, random) is { } rule && IsFine(rule, cluster)
            ? new PlacementProblem(cluster) { Constraints = [rule], Objectives = [new Overload(null, 50), new ActiveHosts(1, 2)] }
            : null);

    [Theory, MemberData(nameof(Constraints))]
    public void SoftConstraintsCostTheSameMoveByMove(string name) => AssertAgreement((cluster, random) =>
        ConstraintCatalogue.Named(name)!.Example(cluster, random) is { } rule && IsFine(rule, cluster)
            ? new PlacementProblem(cluster) { Constraints = [rule with { Soft = new Soft(7) }], Objectives = [new LoadDeviation()] }
            : null);

    [Theory, MemberData(nameof(Objectives))]
    public void ObjectivesCostTheSameMoveByMove(string name) => AssertAgreement((cluster, random) =>
        new PlacementProblem(cluster) { Objectives = [ObjectiveCatalogue.Named(name)!.Example(cluster, random)] });

    [Fact]
    public void AWrongEnergyIsFoundInAssertionMode()
    {
        Host[] hosts = [.. Enumerable.Range(0, 2).Select(h => new Host { Name = $"h{h}", Capacity = [10] })];
        VirtualMachine[] vms = [.. Enumerable.Range(0, 2).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [4], Start = new Place(new HostId(0)) })];
        ClusterSnapshot cluster = new([new("cpu", "core")], hosts, vms);
        (SearchModel model, SearchState state, _) = Start(new PlacementProblem(cluster) { Objectives = [new Overload(null, 50)] });
        (_, SearchState other, _) = Start(new PlacementProblem(cluster) { Objectives = [new Overload(null, 50, Weight: 2)] });
        model.Verify(state);
        Assert.Throws<InvalidOperationException>(() => model.Verify(other));
    }

    [Fact]
    public void WhatOnlyAGroupGainsIsSeenAtOnce()
    {
        Host[] hosts = [.. Enumerable.Range(0, 2).Select(h => new Host { Name = $"h{h}", Capacity = [10] })];
        VirtualMachine[] vms = [.. Enumerable.Range(0, 2).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [4], Start = new Place(new HostId(0)) })];
        AntiAffinity apart = new(new VmGroup("both", [new VmId(0), new VmId(1)])) { Soft = new Soft(1000) };
        PlacementProblem problem = new(new ClusterSnapshot([new("cpu", "core")], hosts, vms)) { Constraints = [apart], Objectives = [new Migrations()] };
        (_, SearchState state, _) = Start(problem);
        Assert.True(state.TryShift(0, new Place(new HostId(1)), 0));
    }

    [Fact]
    public void MovesThatExceedCapsTeachNothingOfWhatGroupsGain()
    {
        SearchState state = Start(Crowded()).State;
        for (int i = 0; i < 2000; i++) Assert.False(state.TryShift(0, new Place(new HostId(1)), 0));
        for (int i = 0; i < 2000; i++) state.TryShift(2, new Place(new HostId(i % 2)), double.MaxValue);
        Assert.True(double.IsFinite(state.LaterGain), $"The search expects groups to gain {state.LaterGain}.");
    }

    [Fact]
    public void LoadsAboveCapsCostTheirPriceAndNothingIsLeftOfItAfterwards()
    {
        SearchState state = Start(Crowded()).State;
        (double before, Place home) = (state.Energy, state.PlaceOf(0));
        Place crowded = new(new HostId(1));
        Assert.False(state.TryShift(0, crowded, double.MaxValue));
        state.PriceExcess(12);
        Assert.Equal(before, state.Energy);
        Assert.True(state.TryShift(0, crowded, double.MaxValue));
        Assert.False(state.IsWithinCaps);
        double migration = state.Energy - before - ExcessOfCrowded(12);
        Assert.InRange(migration, 1, 1.1); // and a little for later levels
        Assert.Equal(state.Energy, state.Recount(), 9);
        state.PriceExcess(24);
        Assert.Equal(before + ExcessOfCrowded(24) + migration, state.Energy, 9);
        state.PutBack(0, home);
        Assert.True(state.IsWithinCaps);
        state.PriceExcess(double.PositiveInfinity);
        Assert.Equal(before, state.Recount(), 9);
        Assert.False(state.TryShift(0, crowded, double.MaxValue));
    }

    [Theory, MemberData(nameof(Constraints))]
    public void WhatIsBrokenAtAPriceIsCountedMoveByMove(string name)
    {
        int broken = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 8, newVms: 0);
            if (ConstraintCatalogue.Named(name)!.Example(cluster, random) is not { } rule || !IsFine(rule, cluster)) continue;
            PlacementProblem problem = new(cluster) { Constraints = [rule], Objectives = [new Overload(null, 50), new ActiveHosts(1, 2)] };
            (_, SearchState state, CandidateTable candidates) = Start(problem);
            state.PriceExcess(1 + random.Next(100));
            Scoring scoring = new(problem.Compile());
            for (int i = 0; i < Tries; i++)
            {
                int vm = random.Next(cluster.Vms.Count);
                if (candidates[vm].Count == 0) continue;
                if (random.Next(2) == 0) state.TryShift(vm, candidates[vm][random.Next(candidates[vm].Count)], double.MaxValue);
                else Swap(state, candidates, vm, random.Next(cluster.Vms.Count));
                double energy = state.Energy;
                Assert.Equal(state.Recount(), energy, 1e-6 * (1 + Math.Abs(energy)));
                Assert.Equal(scoring.StateAt(state.Places).Broken == 0, state.IsWithinCaps);
                broken += state.IsWithinCaps ? 0 : 1;
            }
        }

        Assert.True(broken > 0, "Nothing was broken, so nothing had a price.");
    }

    /// <summary>Two cores above the cap of ten; a VM of typical weight has (8 + 4 + 1) / 3.</summary>
    private static double ExcessOfCrowded(double price) => price * 2 / (13.0 / 3);

    /// <summary>h1 has 4 of 10 cores in use and no room for the 8 of v0.</summary>
    private static PlacementProblem Crowded()
    {
        Host[] hosts = [.. Enumerable.Range(0, 2).Select(h => new Host { Name = $"h{h}", Capacity = [10] })];
        VirtualMachine[] vms =
        [
            new() { Name = "v0", Demand = [8], Start = new Place(new HostId(0)) },
            new() { Name = "v1", Demand = [4], Start = new Place(new HostId(1)) },
            new() { Name = "v2", Demand = [1], Start = new Place(new HostId(0)) },
        ];
        AntiAffinity apart = new(new VmGroup("some", [new VmId(1), new VmId(2)])) { Soft = new Soft(1000) };
        return new PlacementProblem(new ClusterSnapshot([new("cpu", "core")], hosts, vms)) { Constraints = [apart], Objectives = [new Migrations()] };
    }

    private static void AssertAgreement(Func<ClusterSnapshot, Random, PlacementProblem?> make)
    {
        (int shifts, int swaps) = (0, 0);
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 8, newVms: 0);
            if (make(cluster, random) is not { } problem) continue;
            (SearchModel model, SearchState state, CandidateTable candidates) = Start(problem);
            Scoring scoring = new(problem.Compile());
            for (int i = 0; i < Tries; i++)
            {
                int vm = random.Next(cluster.Vms.Count);
                if (candidates[vm].Count == 0) continue;
                if (random.Next(2) == 0) shifts += Shift(scoring, state, vm, candidates[vm][random.Next(candidates[vm].Count)]);
                else swaps += Swap(state, candidates, vm, random.Next(cluster.Vms.Count));
                model.Verify(state);
            }
        }

        Assert.True(shifts > 0, "No shift was valid, so nothing was compared.");
        Assert.True(swaps > 0, "No swap was valid, so nothing was compared.");
    }

    private static int Shift(Scoring scoring, SearchState state, int vm, Place to)
    {
        PlacementState generic = scoring.StateAt(state.Places);
        generic.Move(vm, to);
        bool made = state.TryShift(vm, to, double.MaxValue);
        Assert.Equal(generic.Broken == 0, made);
        return made ? 1 : 0;
    }

    private static int Swap(SearchState state, CandidateTable candidates, int vm, int other)
    {
        (Place place, Place otherPlace) = (state.PlaceOf(vm), state.PlaceOf(other));
        if (place == otherPlace || !candidates.Allows(vm, otherPlace) || candidates[other].Count == 0 || !candidates.Allows(other, place)) return 0;
        return state.TrySwap(vm, other, double.MaxValue) ? 1 : 0;
    }

    private static (SearchModel Model, SearchState State, CandidateTable Candidates) Start(PlacementProblem problem)
    {
        PlacementModel compiled = problem.Compile();
        Scoring scoring = new(compiled);
        Place[] places = [.. Placement.StartOf(problem.Cluster).Places];
        SearchModel model = new(compiled, scoring, scoring.StateAt(places).Score(), 0);
        SearchState state = new(model, places) { IsVerified = true };
        model.Verify(state);
        return (model, state, new CandidateTable(compiled, new PlaceFilter(compiled, scoring), new PlaceTable(problem.Cluster)));
    }

    private static bool IsFine(Constraint rule, ClusterSnapshot cluster)
    {
        try
        {
            rule.Validate(cluster);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }
}
