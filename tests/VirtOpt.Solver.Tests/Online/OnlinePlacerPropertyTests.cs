using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Tests.Online;

/// <summary>For every entry of the catalogues: a new VM goes where brute force over all places with the naive checker puts it.</summary>
public sealed class OnlinePlacerPropertyTests
{
    private const int Seeds = 30;

    public static TheoryData<string> Constraints => [.. ConstraintCatalogue.Entries.Select(e => e.Name)];

    public static TheoryData<string> Objectives => [.. ObjectiveCatalogue.Entries.Select(e => e.Name)];

    [Theory, MemberData(nameof(Constraints))]
    public void HardRulesAreKeptAndTheBestPlaceIsTaken(string name) => AssertBest(
        seed => Problem(seed, name, rule => rule, (cluster, _) => [new HostPrice(), new Overload(null, 50, 1, 2)]));

    [Theory, MemberData(nameof(Constraints))]
    public void SoftRulesCount(string name) => AssertBest(
        seed => Problem(seed, name, rule => rule with { Soft = new Soft(3, 2) }, (cluster, _) => [new ActiveHosts(2), new LoadDeviation(null, 1, 3)]));

    [Theory, MemberData(nameof(Objectives))]
    public void ObjectivesCount(string name) => AssertBest(
        seed => Problem(seed, "anti-affinity", rule => rule, (cluster, random) => [ObjectiveCatalogue.Named(name)!.Example(cluster, random)]));

    [Theory, MemberData(nameof(Constraints))]
    public void EveryAnswerOfALongRunPassesTheChecker(string name)
    {
        int placed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Soft? soft = seed % 3 == 0 ? new Soft(2) : null;
            if (Problem(seed, name, rule => rule with { Soft = soft }, (_, _) => [new HostPrice(), new Migrations()]) is { } problem)
                placed += Run(problem, new Random(seed));
        }

        Assert.True(placed > Seeds, $"{name}: only {placed} VMs were placed.");
    }

    [Theory, MemberData(nameof(Objectives))]
    public void EveryAnswerOfALongRunIsWorthWhatItSays(string name)
    {
        int placed = 0;
        for (int seed = 0; seed < Seeds; seed++)
            if (Problem(seed, "spread", rule => rule, (cluster, random) => [ObjectiveCatalogue.Named(name)!.Example(cluster, random)]) is { } problem)
                placed += Run(problem, new Random(seed));
        Assert.True(placed > Seeds, $"{name}: only {placed} VMs were placed.");
    }

    private static int Run(PlacementProblem problem, Random random)
    {
        int placed = 0;
        OnlinePlacer placer = new(problem, Placement.StartOf(problem.Cluster), new OnlineOptions { AllowMigrations = random.Next(2) });
        placer.Verify();
        for (int step = 0; step < 12; step++)
        {
            string host = problem.Cluster.Hosts[random.Next(problem.Cluster.Hosts.Count)].Name;
            VirtualMachine[] vms = [.. placer.ToProblem().Cluster.Vms];
            OnlineAnswer answer = random.Next(8) switch
            {
                0 => placer.FailHost(host, TestContext.Current.CancellationToken),
                1 => placer.EvacuateHost(host, TestContext.Current.CancellationToken),
                2 or 3 => placer.ReturnHost(host),
                4 when vms.Length > 0 => placer.Remove(vms[random.Next(vms.Length)].Name),
                _ => placer.Place(NewVm(random, $"n{step}", problem.Cluster), GroupsFor(random, problem), TestContext.Current.CancellationToken),
            };
            placed += answer.Placed.Count;
            placer.Verify();
            Assert.Equal(placer.VmCount, placer.ToProblem().Cluster.Vms.Count);
            foreach (PlacedVm vm in answer.Placed) Assert.Equal(vm.Place, placer.PlaceOf(vm.Vm));
        }

        return placed;
    }

    private static void AssertBest(Func<int, PlacementProblem?> make)
    {
        (int taken, int refused) = (0, 0);
        for (int seed = 0; seed < Seeds; seed++)
        {
            if (make(seed) is not { } problem) continue;
            Random random = new(seed);
            OnlinePlacer placer = new(problem, Placement.StartOf(problem.Cluster));
            Assert.Equal(
                PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster)).Terms.Where(t => t.Level < PlacementProblem.TieBreakLevel)
                    .GroupBy(t => t.Level).Select(l => new LevelValue(l.Key, l.Sum(t => t.Weight * t.Value))).OrderBy(l => l.Level),
                placer.Objective);
            VirtualMachine vm = NewVm(random, "new", problem.Cluster);
            string[] groups = GroupsFor(random, problem);
            PlacementProblem grown = With(problem, vm, groups);
            OnlineAnswer answer = placer.Place(vm, groups, TestContext.Current.CancellationToken);
            Score? best = BestScore(grown);
            Assert.True(answer.IsComplete == best is not null, $"seed {seed}: {string.Join(" ", answer.Refused)} {string.Join(" ", answer.Placed)}");
            if (best is null) refused++;
            if (best is not { } optimum) continue;
            taken++;
            Placement placement = new([.. Placement.StartOf(problem.Cluster).Places, answer.Placed[0].Place]);
            Assert.True(PlacementChecker.Check(grown, placement).IsValid, $"seed {seed}");
            Assert.True(new Scoring(grown.Compile()).StateAt(placement.Places).Score().CompareTo(optimum) == 0, $"seed {seed}: not the best place");
            placer.Verify();
        }

        Assert.True(taken > 5, $"Only {taken} VMs were placed, {refused} were refused.");
    }

    private static Score? BestScore(PlacementProblem grown)
    {
        Scoring scoring = new(grown.Compile());
        Place[] start = [.. Placement.StartOf(grown.Cluster).Places[..^1]];
        Score? best = null;
        foreach (Place place in RandomProblems.PlacesOf(grown.Cluster, grown.Cluster.Vms[^1]))
        {
            Place[] places = [.. start, place];
            if (!PlacementChecker.Check(grown, new Placement(places)).IsValid) continue;
            Score score = scoring.StateAt(places).Score();
            if (best is null || score.CompareTo(best.Value) < 0) best = score;
        }

        return best;
    }

    private static PlacementProblem? Problem(
        int seed, string rule, Func<Constraint, Constraint> change, Func<ClusterSnapshot, Random, IReadOnlyList<Objective>> objectives)
    {
        Random random = new(seed);
        ClusterSnapshot cluster = RandomProblems.Cluster(random, mostVms: 8, newVms: 0);
        cluster = new ClusterSnapshot(cluster.Dimensions, cluster.Hosts, cluster.Vms, [new VmGroup("all", [.. cluster.AllVms.Members])]);
        Constraint[] rules = [.. Enumerable.Range(0, 3).Select(_ => ConstraintCatalogue.Named(rule)!.Example(cluster, random))];
        PlacementProblem problem = new(cluster)
        {
            Constraints = [.. rules.Select(change).Where(r => IsFine(r, cluster))],
            Objectives = objectives(cluster, random),
        };
        return problem.Constraints.Any(c => rules.Any(r => r.GetType() == c.GetType())) ? problem : null;
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

    private static VirtualMachine NewVm(Random random, string name, ClusterSnapshot cluster) => new()
    {
        Name = name,
        Demand = [random.Next(1, 5), random.Next(1, 7)],
        Reservation = random.Next(4) == 0 ? [1, 1] : [],
        NumaNodes = cluster.Hosts.Any(h => h.NumaNodes.Count > 0) ? random.Next(1, 3) : 0,
        Priority = random.Next(3),
        MigrationCost = random.Next(1, 4),
        Movable = random.Next(6) > 0,
    };

    private static string[] GroupsFor(Random random, PlacementProblem problem) =>
    [
        .. problem.Constraints.SelectMany(c => ConstraintCatalogue.Of(c).ValuesOf(c)).OfType<VmGroup>().Select(g => g.Name).Distinct()
            .Where(_ => random.Next(2) == 0),
    ];

    /// <summary>The problem with one more VM, made without the engine.</summary>
    private static PlacementProblem With(PlacementProblem problem, VirtualMachine vm, string[] groups)
    {
        ClusterSnapshot cluster = problem.Cluster;
        VmId added = new(cluster.Vms.Count);
        VmGroup Grown(VmGroup group) => groups.Contains(group.Name) ? group with { Members = [.. group.Members, added] } : group;
        object? Follow(object? value) => value switch
        {
            VmGroup group => Grown(group),
            DemandForecast forecast => ForecastWith(forecast, vm, cluster),
            _ => value,
        };
        return new PlacementProblem(new ClusterSnapshot(
            cluster.Dimensions, cluster.Hosts, [.. cluster.Vms, vm with { Movable = true }], [.. cluster.VmGroups.Select(Grown)]))
        {
            Constraints =
            [
                .. problem.Constraints.Select(c =>
                    ConstraintCatalogue.Of(c).Create([.. ConstraintCatalogue.Of(c).ValuesOf(c).Select(Follow)])
                        with { Soft = c.Soft, Continuous = c.Continuous }),
            ],
            Objectives = [.. problem.Objectives.Select(o => o is ExpectedOverload e ? e with { Forecast = ForecastWith(e.Forecast, vm, cluster) } : o)],
        };
    }

    private static DemandForecast ForecastWith(DemandForecast forecast, VirtualMachine vm, ClusterSnapshot cluster) => new(
        forecast.Dimension,
        forecast.SlotLength,
        [
            .. Enumerable.Range(0, forecast.Slots).Select(slot =>
                (long[])[.. cluster.AllVms.Members.Select(member => forecast[slot, member]), vm.Demand[cluster.DimensionNamed(forecast.Dimension)]]),
        ]);
}
