using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Constructive;
using VirtOpt.Solver.Search.Local;

namespace VirtOpt.Solver.Tests.Search;

/// <summary>What keeps memory and time in step with the VMs: shared lists, and walks that do not start again for every VM.</summary>
public sealed class ScaleTests
{
    private const int Hosts = 60;
    private const int VmsPerHost = 2;

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void CandidateListsAreAsManyAsRulesThatBindHoweverManyGroupsThereAre(int groups)
    {
        ClusterSnapshot cluster = Cluster();
        VmGroup bound = new("bound", [new VmId(0), new VmId(1), new VmId(2)]);
        PlacementProblem problem = new(cluster)
        {
            Constraints =
            [
                .. Enumerable.Range(0, groups).Select(g => new AntiAffinity(new VmGroup($"g{g}", [new VmId(3 + (2 * g)), new VmId(4 + (2 * g))]))),
                new Fence(bound, new HostGroup("some", [new HostId(0), new HostId(1), new HostId(2)])),
            ],
        };
        using SolveSession session = Session(problem);
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        Assert.True(candidates.Classes.Count > groups);
        Assert.Equal(2, candidates.ListCount);
        Assert.Equal([0, 1, 2], candidates[0].Select(p => p.Host.Index));
        Assert.Equal(Hosts, candidates[3].Count);
    }

    [Fact]
    public void EvacuationFillsTheFullestHostsAndBreaksNothing()
    {
        PlacementProblem problem = new(Cluster())
        {
            Constraints = [new AntiAffinity(new VmGroup("apart", [new VmId(0), new VmId(7), new VmId(11)]))],
            Objectives = [new ActiveHosts()],
        };
        using SolveSession session = Session(problem);
        PlacementState state = session.Scoring.StateAt(session.Best);
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        int emptied = new Evacuation(session, candidates, state, RelativeSize.OfVms(problem.Cluster)).Run(TimeSpan.MaxValue);
        Assert.Equal(Hosts - 12, emptied); // 120 VMs, ten to a host
        Assert.Equal(12, state.Level(0));
        Assert.True(PlacementChecker.Check(problem, new Placement(state.Places)).IsValid);
    }

    [Fact]
    public void AColdSearchAcceptsNoRise()
    {
        Cooling cold = new ThermalCycles(1000).Cooling;
        foreach (double done in (double[])[0, 0.5, 1]) Assert.Equal(0, cold.TemperatureAt(done));
    }

    [Fact]
    public void HostsThatExchangeAllTheirVmsGetAPlanThatTheCheckerReplays()
    {
        ClusterSnapshot cluster = Cluster(perHost: 9);
        PlacementProblem problem = new(cluster);
        Placement turned = new([.. cluster.Vms.Select(vm => new Place(new HostId((vm.Start!.Value.Host.Index + 1) % Hosts)))]);
        MigrationPlan plan = new MigrationPlanner().Plan(problem, turned);
        Assert.True(plan.IsComplete);
        Assert.Empty(MigrationPlanChecker.Check(problem, plan));
    }

    /// <summary>Lists that what stays on hosts narrows were made class by class: groups times hosts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void ListsThatPinnedVmsNarrowAreSharedByAllGroups(int groups)
    {
        const int pinned = Hosts / 2;
        ClusterSnapshot free = Cluster();
        VirtualMachine[] vms =
        [
            .. free.Vms.Select((vm, v) => v < pinned
                ? vm with { Movable = false, Demand = [95] }
                : vm with { Start = new Place(new HostId(pinned + (v % pinned))) }),
        ];
        PlacementProblem problem = new(new ClusterSnapshot(free.Dimensions, free.Hosts, vms))
        {
            Constraints =
            [
                .. Enumerable.Range(0, groups).Select(g => new AntiAffinity(new VmGroup($"g{g}", [new VmId(pinned + (2 * g)), new VmId(pinned + 1 + (2 * g))]))),
            ],
        };
        using SolveSession session = Session(problem);
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        Assert.True(candidates.Classes.Count > groups);
        Assert.Equal(Enumerable.Range(pinned, pinned), candidates[pinned].Select(p => p.Host.Index));
        Assert.InRange(candidates.ListCount, 2, 3); // theirs, none for those that cannot move, and that of a class too large to look at
    }

    [Fact]
    public void LikeVmsDealTheirPlacesSoThatMostAreAtHome()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            ClusterSnapshot cluster = Cluster();
            PlacementProblem problem = new(cluster) { Constraints = [new AntiAffinity(new VmGroup("apart", [new VmId(1), new VmId(2), new VmId(3)]))] };
            PlacementModel model = problem.Compile();
            VmClass[] classes = [.. VmClass.Sort(model, Enumerable.Range(0, cluster.Vms.Count))];
            Place[] places = [.. cluster.Vms.Select(_ => new Place(new HostId(random.Next(Hosts / 3))))];
            Place[] dealt = HomeExchange.Of(cluster, classes, places);
            Assert.Equal(2, classes.Length);
            foreach (VmClass vmClass in classes)
            {
                Assert.Equal(vmClass.Vms.Select(vm => places[vm].Host.Index).Order(), vmClass.Vms.Select(vm => dealt[vm].Host.Index).Order());
                int most = vmClass.Vms.GroupBy(vm => cluster.Vms[vm].Start!.Value).Sum(g => Math.Min(g.Count(), vmClass.Vms.Count(vm => places[vm] == g.Key)));
                Assert.Equal(most, vmClass.Vms.Count(vm => dealt[vm] == cluster.Vms[vm].Start));
            }
        }
    }

    /// <summary>All hosts are full and one is empty: every ring of hosts has to hop through the one, and nobody may stay behind.</summary>
    [Fact]
    public void FullHostsThatExchangeUnlikeVmsHopThroughTheOneThatIsEmpty()
    {
        VirtualMachine[] vms =
        [
            .. Enumerable.Range(0, Hosts - 1).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [100 - (v % 40)], Start = new Place(new HostId(v)) }),
        ];
        Host[] hosts = [.. Enumerable.Range(0, Hosts).Select(h => new Host { Name = $"h{h}", Capacity = [100] })];
        PlacementProblem problem = new(new ClusterSnapshot([new("cpu", "core")], hosts, vms));
        Placement turned = new([.. vms.Select((_, v) => new Place(new HostId((v + 1) % (Hosts - 1))))]);
        MigrationPlan plan = new MigrationPlanner().Plan(problem, turned);
        Assert.True(plan.IsComplete);
        Assert.Empty(MigrationPlanChecker.Check(problem, plan));
        Assert.Equal(1, plan.Migrations.Count(m => m.IsHop));
    }

    /// <summary>Hosts that hold ten VMs each, with a few on each of them.</summary>
    private static ClusterSnapshot Cluster(int perHost = VmsPerHost) => new(
        [new("cpu", "core")],
        [.. Enumerable.Range(0, Hosts).Select(h => new Host { Name = $"h{h}", Capacity = [100] })],
        [.. Enumerable.Range(0, Hosts * perHost).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [10], Start = new Place(new HostId(v % Hosts)) })]);

    private static SolveSession Session(PlacementProblem problem)
    {
        SolveSession session = new(problem, new MaxWork(1), new SolveOptions(), TestContext.Current.CancellationToken);
        session.Offer(Placement.StartOf(problem.Cluster).Places, "start");
        return session;
    }
}
