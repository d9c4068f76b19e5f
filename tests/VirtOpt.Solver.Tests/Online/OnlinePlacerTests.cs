namespace VirtOpt.Solver.Tests.Online;

/// <summary>What single calls do, on clusters of a few hosts of 10 cores.</summary>
public sealed class OnlinePlacerTests
{
    [Fact]
    public void ANewVmGoesWhereTheFirstLevelIsLeastAndThenTheSecond()
    {
        OnlinePlacer placer = Placer([6, 3, 3], [new ActiveHosts(), new Overload(null, 50, 1, 2)]);
        OnlineAnswer answer = placer.Place(Vm("new", 2), token: TestContext.Current.CancellationToken);
        Assert.Equal("h1", Assert.Single(answer.Placed).Host);
        Assert.Equal([new LevelValue(1, 3), new LevelValue(2, 100_000)], answer.Before);
        Assert.Equal(answer.Before, answer.After);
    }

    [Fact]
    public void ARefusedVmChangesNothingAndIsToldWhy()
    {
        OnlinePlacer placer = Placer([8, 7], [new ActiveHosts()], keepApart: true);
        OnlineAnswer large = placer.Place(Vm("large", 4), token: TestContext.Current.CancellationToken);
        Assert.Equal("No place suits VM large: of 2, capacity refuses 2.", Assert.Single(large.Refused).Reason);
        OnlineAnswer third = placer.Place(Vm("third", 1), ["web"], TestContext.Current.CancellationToken);
        Assert.Equal("No place suits VM third: of 2, anti-affinity of web by host (at most 1) refuses 2.", Assert.Single(third.Refused).Reason);
        Assert.Equal(2, placer.VmCount);
        Assert.Equal(third.Before, third.After);
        Assert.True(placer.Place(Vm("third", 1), token: TestContext.Current.CancellationToken).IsComplete);
    }

    [Fact]
    public void TheVmsOfAFailedHostRestartByPriorityAndTheOthersAreDown()
    {
        OnlinePlacer placer = Placer([2, 7], [new ActiveHosts()]);
        Assert.Equal("h0", placer.Place(Vm("small", 3) with { Priority = 1 }, token: TestContext.Current.CancellationToken).Placed[0].Host);
        OnlineAnswer answer = placer.FailHost("h0", TestContext.Current.CancellationToken);
        Assert.Equal(new PlacedVm("small", "h1", new Place(new HostId(1)), null), Assert.Single(answer.Placed));
        Assert.Equal("v0", Assert.Single(answer.Refused).Vm);
        Assert.Null(placer.PlaceOf("v0"));
        Assert.False(answer.IsComplete);
        placer.ReturnHost("h0");
        Assert.Equal("h0", placer.Place(Vm("v0", 2), token: TestContext.Current.CancellationToken).Placed[0].Host);
    }

    [Fact]
    public void AnEvacuatedHostKeepsWhatFindsNoPlaceAndMigrationsCountOnce()
    {
        OnlinePlacer placer = Placer([2, 9], [new Migrations()]);
        Assert.Equal("h0", placer.Place(Vm("small", 1), token: TestContext.Current.CancellationToken).Placed[0].Host);
        OnlineAnswer answer = placer.EvacuateHost("h0", TestContext.Current.CancellationToken);
        Assert.Equal(("small", "h1", "h0"), (answer.Placed[0].Vm, answer.Placed[0].Host, answer.Placed[0].From));
        Assert.Equal("v0", Assert.Single(answer.Refused).Vm);
        Assert.Equal(new Place(new HostId(0)), placer.PlaceOf("v0"));
        Assert.Equal([new LevelValue(1, 1)], answer.After);
        Assert.Equal([new LevelValue(1, 0)], placer.Objective);
        placer.Verify();
    }

    [Theory, InlineData(0), InlineData(1)]
    public void AnotherVmMigratesOnlyIfThatIsAllowed(int allowed)
    {
        OnlinePlacer placer = Placer([5, 5], [new ActiveHosts()], options: new OnlineOptions { AllowMigrations = allowed });
        Assert.Equal("h0", placer.Place(Vm("two", 2), token: TestContext.Current.CancellationToken).Placed[0].Host);
        OnlineAnswer answer = placer.Place(Vm("six", 6), token: TestContext.Current.CancellationToken);
        Assert.Equal(allowed > 0, answer.IsComplete);
        Assert.Equal(allowed > 0 ? [("six", "h0", null), ("v0", "h1", "h0")] : [], answer.Placed.Select(vm => (vm.Vm, vm.Host, vm.From)));
        placer.Verify();
    }

    [Fact]
    public void ACancelledCallPlacesNothing()
    {
        OnlinePlacer placer = Placer([5, 5], [new ActiveHosts()]);
        OnlineAnswer answer = placer.Place(Vm("new", 1), token: new CancellationToken(canceled: true));
        Assert.Equal("The call was cancelled.", Assert.Single(answer.Refused).Reason);
        Assert.Equal(2, placer.VmCount);
    }

    [Fact]
    public void TheSameCallsGiveTheSameAnswers()
    {
        Assert.Equal(Run(), Run());

        static (string, string)[] Run()
        {
            PlacementProblem problem = new(RandomProblems.Cluster(new Random(5), mostHosts: 4, mostVms: 8, newVms: 0)) { Objectives = [new LoadDeviation()] };
            OnlinePlacer placer = new(problem, Placement.StartOf(problem.Cluster));
            OnlineAnswer answer = placer.FailHost("h0", TestContext.Current.CancellationToken);
            return [.. answer.Placed.Select(p => (p.Vm, p.Host)), .. answer.Refused.Select(r => (r.Vm, r.Reason))];
        }
    }

    [Theory]
    [InlineData("v0", "web", "The VM (v0) is there already.")]
    [InlineData("new", "db", "There is no VM group (db).")]
    public void ACallThatMakesNoSenseIsRefused(string vm, string group, string message)
    {
        OnlinePlacer placer = Placer([5, 5], [], keepApart: true);
        string refusal = Assert.Throws<InvalidInputException>(() => placer.Place(Vm(vm, 1), [group], TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => placer.Place(Vm("larger", 11), token: TestContext.Current.CancellationToken));
        Assert.Throws<InvalidInputException>(() => placer.Remove("nobody"));
        Assert.Throws<InvalidInputException>(() => placer.FailHost("nowhere", TestContext.Current.CancellationToken));
        Assert.Equal(2, placer.VmCount);
    }

    /// <summary>Hosts h0, h1 ... of 10 cores with one VM each, v0, v1 ..., of the given sizes.</summary>
    private static OnlinePlacer Placer(long[] sizes, Objective[] objectives, bool keepApart = false, OnlineOptions? options = null)
    {
        VmGroup web = new("web", [.. sizes.Select((_, v) => new VmId(v))]);
        ClusterSnapshot cluster = new(
            [new("cpu", "core")],
            [.. sizes.Select((_, h) => new Host { Name = $"h{h}", Capacity = [10] })],
            [.. sizes.Select((size, v) => Vm($"v{v}", size) with { Start = new Place(new HostId(v)) })],
            [web]);
        PlacementProblem problem = new(cluster) { Constraints = keepApart ? [new AntiAffinity(web)] : [], Objectives = objectives };
        return new OnlinePlacer(problem, Placement.StartOf(cluster), options);
    }

    private static VirtualMachine Vm(string name, long cores) => new() { Name = name, Demand = [cores] };
}
