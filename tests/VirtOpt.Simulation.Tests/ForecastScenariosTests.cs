namespace VirtOpt.Simulation.Tests;

public sealed class ForecastScenariosTests
{
    /// <summary>Demand that rises by 1 % a step: what the last sample lacked 3, 7 and 11 steps later is the same from every past step.</summary>
    [Fact]
    public void The_errors_of_the_past_are_added_to_the_forecast_of_now()
    {
        SimulatedVm vm = Running(0);
        ClusterView view = new([], [vm], new SimulationSettings());
        DemandScenarios demand = new(36, 1, new ForecastScenarios("last", 36, 24, 1));
        for (int step = 1; step <= 40; step++)
        {
            vm.Demand = step * 4;
            demand.Observe(view);
        }

        Assert.Equal(36, demand.Of(vm).Length);
        Assert.Equal([.. Enumerable.Repeat(43 * 4.0, 12), .. Enumerable.Repeat(47 * 4.0, 12), .. Enumerable.Repeat(51 * 4.0, 12)],
            demand.Of(vm).Select(d => Math.Round(d, 3)));
    }

    [Fact]
    public void VMs_that_erred_together_do_so_in_every_scenario()
    {
        SimulatedVm[] vms = [Running(0), Running(1), Running(2)];
        ClusterView view = new([], vms, new SimulationSettings());
        DemandScenarios demand = new(36, 1, new ForecastScenarios("average-1h", 36, 24, 1));
        Random random = new(4);
        for (int step = 0; step < 60; step++)
        {
            double noise = random.Next(100);
            vms[0].Demand = 200 + noise;
            vms[1].Demand = 200 + noise;
            vms[2].Demand = 200 - noise;
            demand.Observe(view);
        }

        Assert.True(demand.Spread(vms[0]).Variance > 100);
        for (int s = 0; s < demand.Count; s++)
        {
            Assert.Equal(demand.Of(vms[0])[s], demand.Of(vms[1])[s], 6);
            Assert.InRange(demand.Of(vms[0])[s] + demand.Of(vms[2])[s], 250, 550);
        }
    }

    [Fact]
    public void While_little_has_been_seen_the_past_counts_as_it_was()
    {
        SimulatedVm vm = Running(0);
        ClusterView view = new([], [vm], new SimulationSettings());
        DemandScenarios foreseen = new(36, 1, new ForecastScenarios("last", 36, 24, 1));
        DemandScenarios plain = new(36, 1);
        for (int step = 0; step < 30; step++)
        {
            vm.Demand = step * step % 97;
            foreseen.Observe(view);
            plain.Observe(view);
        }

        Assert.Equal(plain.Of(vm), foreseen.Of(vm));
    }

    [Theory]
    [InlineData("quantile-6h")]
    [InlineData("holt-winters")]
    [InlineData("day")]
    public void A_run_with_a_forecaster_repeats_and_serves_level_demand(string forecaster)
    {
        double[] level = [.. Enumerable.Repeat(0.3, 60)];
        DemandTrace trace = Tiny.Trace([.. Enumerable.Repeat(level, 9)]);
        SimulationResult Run() => new Simulator(trace, Tiny.Centre(5, 9))
            .Run(PolicyCatalogue.Create($"virtopt:forecaster={forecaster}"), TestContext.Current.CancellationToken);
        SimulationResult result = Run();
        Assert.Equal(result, Run());
        Assert.Equal(result.Pdm, result.UnservedShare, 9);
        Assert.InRange(result.MeanActiveHosts, 1, 3);
    }

    [Fact]
    public void Forecast_off_is_a_window_of_nothing()
    {
        Random random = new(6);
        double[] Noise() => [.. Enumerable.Range(0, 50).Select(_ => Math.Min(1, 0.1 + random.NextDouble()))];
        DemandTrace trace = Tiny.Trace([.. Enumerable.Range(0, 9).Select(_ => Noise())]);
        SimulationResult Run(string policy) => new Simulator(trace, Tiny.Centre(9, 9))
            .Run(PolicyCatalogue.Create(policy), TestContext.Current.CancellationToken);
        SimulationResult off = Run("virtopt:forecast=off");
        Assert.Equal(Run("virtopt:window=0"), off);
        Assert.NotEqual(Run("virtopt:forecast=on"), off);
    }

    [Theory]
    [InlineData("virtopt:forecaster=magic", "(forecaster=magic) of the policy (virtopt) is not a word that it takes")]
    [InlineData("virtopt:forecast=maybe", "one of these was meant: on, off")]
    [InlineData("virtopt:forecast=off,forecaster=last", "cannot plan with the forecaster (last) while foresight is switched off")]
    [InlineData("virtopt:window=0,forecaster=last", "cannot plan with the forecaster (last)")]
    public void Words_that_cannot_be_are_refused(string word, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => PolicyCatalogue.Create(word)).Message, StringComparison.Ordinal);

    private static SimulatedVm Running(int index)
    {
        SimulatedVm vm = Tiny.Asking(0, index);
        vm.Host = 0;
        return vm;
    }
}
