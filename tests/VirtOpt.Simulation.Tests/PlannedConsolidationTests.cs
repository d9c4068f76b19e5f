namespace VirtOpt.Simulation.Tests;

public sealed class PlannedConsolidationTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.05, 1.644854)]
    [InlineData(0.01, 2.326348)]
    [InlineData(0.9, -1.281552)]
    public void Deviations_are_those_of_the_normal_table(double probability, double deviations) =>
        Assert.Equal(deviations, NormalTail.DeviationsOf(probability), 5);

    [Fact]
    public void VMs_that_ask_for_little_share_a_host()
    {
        // 400 MIPS each at first, so two a host; then 40 each: all six fit on one of the hosts, and the two that are there stay.
        Simulator simulator = new(Tiny.Trace([.. Enumerable.Repeat(Level(0.1), 6)]), Tiny.Centre(4, 6));
        SimulationResult result = simulator.Run(new PlannedConsolidation(), TestContext.Current.CancellationToken);
        Assert.Single(simulator.Hosts, h => h.Vms.Count > 0);
        Assert.Equal(4, result.Migrations);
        Assert.Equal(result.Pdm, result.UnservedShare, 12);
    }

    [Fact]
    public void A_host_whose_VMs_grow_gives_one_away()
    {
        // Together they ask for 800 of 1,000 MIPS, and after a while for 1,200: one of three has to go.
        double[] growing = [.. Level(0.66).Take(50), .. Level(1).Take(50)];
        DataCentre centre = new([.. Enumerable.Repeat(Tiny.Host, 2)], [.. Enumerable.Repeat(Tiny.Vm with { Mips = 400 }, 3)]);
        Simulator simulator = new(Tiny.Trace(growing, growing, growing), centre);
        SimulationResult result = simulator.Run(new PlannedConsolidation(), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], simulator.Hosts.Select(h => h.Vms.Count).Order());
        Assert.InRange(result.Migrations, 2, 3);
    }

    [Fact]
    public void VMs_that_peak_in_turn_share_a_host_and_those_that_peak_together_do_not()
    {
        double[] day = Wave(0);
        double[] night = Wave(1);
        Simulator simulator = new(Tiny.Trace(day, day, night, night), new DataCentre(
            [.. Enumerable.Repeat(Tiny.Host with { Cores = 1 }, 4)], [.. Enumerable.Repeat(Tiny.Vm with { Mips = 900 }, 4)]));
        SimulationResult result = simulator.Run(new PlannedConsolidation(), TestContext.Current.CancellationToken);
        Assert.All(simulator.Hosts.Where(h => h.Vms.Count > 1), h => Assert.Equal(h.Vms.Count / 2, h.Vms.Count(vm => vm.Index < 2)));
        Assert.True(result.UnservedShare < 0.02);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_step_keeps_memory_if_asked_for_and_moves_each_vm_once(bool enforced)
    {
        Random random = new(3);
        DemandTrace trace = Tiny.Trace([.. Enumerable.Range(0, 40).Select(_ => Noise(random))]);
        VmType[] sizes = [Tiny.Vm with { RamMiB = 300 }, Tiny.Vm with { RamMiB = 450 }, Tiny.Vm with { RamMiB = 170 }];
        DataCentre centre = new([.. Enumerable.Repeat(Tiny.Host, 30)], [.. Enumerable.Range(0, 40).Select(i => sizes[i % 3])]);
        Watched watched = new(new PlannedConsolidation(new PlanningSettings { Every = 6 }), enforced);
        SimulationSettings settings = new() { EnforceMemory = enforced, EndIdleVms = false };
        SimulationResult result = new Simulator(trace, centre, settings).Run(watched, TestContext.Current.CancellationToken);
        Assert.True(result.Migrations > 10);
        Assert.Equal(result.Migrations, watched.Moves);
        SimulationResult again = new Simulator(trace, centre, settings)
            .Run(new PlannedConsolidation(new PlanningSettings { Every = 6 }), TestContext.Current.CancellationToken);
        Assert.Equal(result, again);
    }

    [Fact]
    public void Sums_of_hosts_are_those_of_their_scenarios()
    {
        SimulatedVm[] vms = [.. Enumerable.Range(0, 5).Select(i => Tiny.Asking(0, i))];
        foreach (SimulatedVm vm in vms) vm.Host = 0;
        SimulatedHost host = new(0, Tiny.Host);
        host.Guests.AddRange(vms);
        DemandScenarios demand = new(8, 1);
        Random random = new(5);
        for (int step = 0; step < 11; step++)
        {
            foreach (SimulatedVm vm in vms) vm.Demand = random.Next(400);
            demand.Observe(new ClusterView([host], vms, new SimulationSettings()));
        }

        HostOutlook outlook = new(host, demand, 0);
        Assert.Equal(Naive(vms, demand, 2), outlook.Load(2), 9);
        Assert.Equal(Naive(vms[1..], demand, 2), outlook.LoadWithout(vms[0], 2), 9);
        outlook.Remove(vms[3]);
        Assert.Equal(Naive([vms[0], vms[1], vms[2], vms[4]], demand, -1), outlook.Load(-1), 9);
        Assert.Equal(Naive(vms, demand, 2), outlook.LoadWith(vms[3], 2), 9);
    }

    [Fact]
    public void Without_foresight_the_demand_of_the_moment_counts()
    {
        SimulatedVm vm = Tiny.Asking(100);
        vm.Host = 0;
        DemandScenarios demand = new(0, 1);
        ClusterView view = new([], [vm], new SimulationSettings());
        demand.Observe(view);
        vm.Demand = 300;
        demand.Observe(view);
        Assert.Equal([300], demand.Of(vm));
    }

    [Theory]
    [InlineData("virtopt:risk=0.6", "(risk=0.6)")]
    [InlineData("virtopt:risk=0.1,tolerance=0.05", "(tolerance=0.05)")]
    [InlineData("virtopt:reserve=1", "(reserve=1)")]
    [InlineData("virtopt:every=1.5", "The parameter (every=1.5) of the policy (virtopt) is not a whole number above 0")]
    [InlineData("virtopt:speed=1", "has no parameter (speed)")]
    [InlineData("virtopt:", "The parameter (risk=) of the policy (virtopt) is not a number above 0")]
    [InlineData("virtopt:work=20000", "(work=20000)")]
    public void Settings_that_cannot_be_are_refused(string word, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => PolicyCatalogue.Create(word)).Message, StringComparison.Ordinal);

    /// <summary>Figure 4 of the policy page on one day: at most these shares of LR-MMT 1.2.</summary>
    [Fact]
    public void A_PlanetLab_day_takes_less_of_everything_than_the_published_policy()
    {
        DemandTrace trace = PlanetLabTrace.Read(Data.PlanetLab("20110306"));
        SimulationResult Run(string policy) => new Simulator(trace, PlanetLabDataCentre.For(trace))
            .Run(PolicyCatalogue.Create(policy), TestContext.Current.CancellationToken);
        SimulationResult published = Run("lr-mmt:1.2");
        SimulationResult planned = Run("virtopt");
        Assert.True(planned.EnergyKwh <= 0.8 * published.EnergyKwh);
        Assert.True(planned.Slav <= 0.25 * published.Slav);
        Assert.True(planned.Migrations <= 0.15 * published.Migrations);
        Assert.True(planned.DemandShare >= published.DemandShare - 0.001);
    }

    private static double[] Level(double use) => [.. Enumerable.Repeat(use, 100)];

    private static double[] Wave(int phase) => [.. Enumerable.Range(0, 150).Select(i => ((i / 6) + phase) % 2 == 0 ? 0.9 : 0.1)];

    private static double[] Noise(Random random)
    {
        double level = random.NextDouble() * 0.5;
        return [.. Enumerable.Range(0, 40).Select(_ => level + (random.NextDouble() * 0.4))];
    }

    private static double Naive(IReadOnlyList<SimulatedVm> vms, DemandScenarios demand, double z)
    {
        double[] sums = [.. Enumerable.Range(0, demand.Count).Select(s => vms.Sum(vm => demand.Of(vm)[s]))];
        double mean = sums.Average();
        return mean + (z * Math.Sqrt(sums.Average(s => (s - mean) * (s - mean))));
    }

    /// <summary>Counts memory and moves by itself: what leaves holds its memory until the end of the step.</summary>
    private sealed class Watched(IConsolidationPolicy policy, bool enforced) : IConsolidationPolicy
    {
        public int Moves { get; private set; }

        public IReadOnlyList<VmMove> Decide(ClusterView view)
        {
            int[] ram = new int[view.Hosts.Count];
            foreach (SimulatedVm vm in view.Vms.Where(vm => vm.Host >= 0)) ram[vm.Host] += vm.Type.RamMiB;
            IReadOnlyList<VmMove> moves = policy.Decide(view);
            Assert.Equal(moves.Count, moves.Select(m => m.Vm).Distinct().Count());
            foreach (VmMove move in moves)
            {
                Assert.NotEqual(view.Vms[move.Vm].Host, move.Host);
                ram[move.Host] += view.Vms[move.Vm].Type.RamMiB;
            }

            if (enforced) Assert.All(view.Hosts, h => Assert.True(ram[h.Index] <= h.Type.RamMiB));
            Moves += moves.Count;
            return moves;
        }
    }
}
