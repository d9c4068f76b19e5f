using VirtOpt.Solver.Bounds;
using VirtOpt.Solver.Bounds.Loads;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;

namespace VirtOpt.Solver.Tests.Bounds;

/// <summary>Water-filling, water level and the load program where the answer can be worked out by hand.</summary>
public sealed class WaterFillingTests
{
    [Fact]
    public void LoadAboveTheThresholdsOfAllHostsCountsWhereItIsCheapest()
    {
        // 12 units on thresholds of 2 and 4: six are too many. The steep host is full at 5, so it is left alone.
        CellFunction[] functions = [CellFunction.ExcessAbove(2, 10), CellFunction.ExcessAbove(4, 1)];
        Assert.Equal(6, Least([20, 20], [3, 4, 5], functions));
    }

    [Fact]
    public void WhatTheFlatHostCannotHoldCountsOnTheSteepOne()
    {
        // The flat host holds 7, three above its threshold; five are left, three above the other threshold.
        CellFunction[] functions = [CellFunction.ExcessAbove(2, 10), CellFunction.ExcessAbove(4, 1)];
        Assert.Equal(3 + 30, Least([20, 7], [3, 4, 5], functions));
    }

    [Fact]
    public void VmsThatCannotMoveCountWhereTheyAre()
    {
        static VirtualMachine Vm(long size, int host, bool movable) => New(size, host) with { Movable = movable };
        CellFunction[] functions = [CellFunction.ExcessAbove(2), CellFunction.ExcessAbove(100)];
        Assert.Equal(3, Least([20, 20], [Vm(5, 0, false), Vm(4, 0, true)], functions));
        Assert.Equal(0, Least([20, 20], [Vm(5, 0, true), Vm(4, 0, true)], functions));
    }

    [Fact]
    public void AHostThatIsOverfilledAtTheStartMayStayAsFull()
    {
        VirtualMachine[] vms = [new() { Name = "v", Demand = [9], Start = new Place(new HostId(0)), Movable = false }, New(3, 1)];
        CellFunction[] functions = [CellFunction.Identity, new CellFunction(2, [], 0)];
        Assert.Equal(9 + 6, Least([5, 20], vms, functions));
    }

    [Fact]
    public void AFixedChargeIsSpreadOverWhatTheCellHolds()
    {
        // 10 units on hosts that hold 8 at a charge of 16: 2 for each unit.
        CellFunction[] functions = [new CellFunction(0, [], 16), new CellFunction(0, [], 16)];
        Assert.Equal(20, Least([8, 8], [New(5, 0), New(5, 1)], functions));
    }

    [Fact]
    public void AShortfallIsWhatTheMostThatCanBeReachedLeavesOpen()
    {
        SumTerm Term(LoadFamily family) => new("", family, [CellFunction.Used, CellFunction.Used, CellFunction.Zero], Outer.ShortfallBelow, 3);
        Assert.Equal(1, Of(new WaterFilling(), [9, 9, 9], [New(4, 0), New(4, 0)], Term));
    }

    [Fact]
    public void LoadsBelowZeroOnlyCountTogether()
    {
        // Weights of 5 and -3: whoever is where, at least 2 - (-4 + 1) lies above thresholds that add up to -3.
        ClusterSnapshot cluster = new(
            [new("cpu", "core"), new("memory", "GiB")],
            [new Host { Name = "a", Capacity = [20, 16] }, new Host { Name = "b", Capacity = [20, 21] }],
            [
                new VirtualMachine { Name = "v", Demand = [1, 6], Start = new Place(new HostId(0)) },
                new VirtualMachine { Name = "w", Demand = [4, 1], Start = new Place(new HostId(0)) },
            ]);
        PlacementProblem problem = new(cluster) { Objectives = [new BalancedRoom("cpu", "memory")] };
        SolveSession session = new(problem, new MaxWork(1), new SolveOptions(), TestContext.Current.CancellationToken);
        RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
        Assert.Equal(5, new WaterFilling().Of(session.Model.Goals[0].Term, ranges));
    }

    [Fact]
    public void TheWaterLevelIsWhereTheHostsHoldEverything()
    {
        MaxTerm Term(LoadFamily family) => new("", [new TermPart(family, [new CellFunction(2, [], 0), new CellFunction(3, [], 0)])]);
        Assert.Equal(12, Of(new WaterLevel(), [20, 20], [New(5, 0), New(5, 0)], Term));
        Assert.Equal(24, Of(new WaterLevel(), [20, 2], [.. Enumerable.Repeat(New(2, 0), 7)], Term));
    }

    [Fact]
    public void UsedHostsHoldTheDemandOfEveryDimension()
    {
        // Either dimension alone is held by two hosts; no host has much of both, so both take 24/11 hosts.
        Host[] hosts = [.. Enumerable.Range(0, 4).Select(h => new Host { Name = $"h{h}", Capacity = h % 2 == 0 ? [10, 1] : [1, 10] })];
        ClusterSnapshot cluster = new(
            [new("cpu", "core"), new("memory", "GiB")], hosts,
            [.. Enumerable.Range(0, 24).Select(v => new VirtualMachine { Name = $"v{v}", Demand = v % 2 == 0 ? [1, 0] : [0, 1] })]);
        SolveSession session = new(
            new PlacementProblem(cluster) { Objectives = [new ActiveHosts()] }, new MaxRuntime(TimeSpan.FromDays(1)), new SolveOptions(),
            TestContext.Current.CancellationToken);
        RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
        BoundTask task = new(session, ranges, 0, TimeSpan.FromDays(1), session.Token);
        Assert.Equal(3, new LoadProgram().Of(task).Single());
    }

    private static VirtualMachine New(long size, int start) => new() { Name = $"{size}", Demand = [size], Start = new Place(new HostId(start)) };

    private static long? Least(long[] capacities, long[] sizes, CellFunction[] functions) => Least(capacities, [.. sizes.Select(s => New(s, 0))], functions);

    private static long? Least(long[] capacities, VirtualMachine[] vms, CellFunction[] functions) =>
        Of(new WaterFilling(), capacities, vms, family => new SumTerm("", family, functions));

    private static long? Of(ITermBound bound, long[] capacities, VirtualMachine[] vms, Func<LoadFamily, Term> term)
    {
        Host[] hosts = [.. capacities.Select((c, h) => new Host { Name = $"h{h}", Capacity = [c] })];
        VirtualMachine[] named = [.. vms.Select((vm, i) => vm with { Name = $"v{i}" })];
        PlacementProblem problem = new(new ClusterSnapshot([new("memory", "GiB")], hosts, named)) { Objectives = [new Overload()] };
        SolveSession session = new(problem, new MaxWork(1), new SolveOptions(), TestContext.Current.CancellationToken);
        RangeTable ranges = new(session, new CandidateTable(session.Model, session.Filter, session.Table));
        return bound.Of(term(((SumTerm)session.Model.Goals[0].Term).Family), ranges);
    }
}
