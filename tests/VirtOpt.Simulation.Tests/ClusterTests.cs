namespace VirtOpt.Simulation.Tests;

public sealed class ClusterTests
{
    [Theory, InlineData(0, 86), InlineData(0.1, 89.4), InlineData(0.15, 91), InlineData(0.95, 115.5), InlineData(1, 117), InlineData(1.5, 117)]
    public void Power_is_linear_between_measured_points(double use, double watts) => Assert.Equal(watts, PlanetLabDataCentre.G4.Power.At(use), 9);

    [Fact]
    public void Energy_is_the_mean_power_and_nothing_from_a_host_without_load()
    {
        PowerCurve curve = new(100, 200);
        Assert.Equal(150 * 60.0, curve.Energy(0.25, 0.75, 60), 9);
        Assert.Equal(0, curve.Energy(0, 0.75, 60));
        Assert.Equal(125 * 60.0, curve.Energy(0.5, 0, 60), 9);
    }

    [Fact]
    public void The_best_point_of_the_experiment_is_a_G5_at_full_use() =>
        Assert.Equal(135 / 5320.0, PlanetLabDataCentre.G5.Power.LeastWattsPerSpeed(PlanetLabDataCentre.G5.Mips), 12);

    [Fact]
    public void Power_curves_that_cannot_be_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => new PowerCurve(1));
        Assert.Throws<InvalidInputException>(() => new PowerCurve(1, -1));
    }

    [Fact]
    public void An_overfull_host_serves_all_in_proportion_in_whole_MIPS()
    {
        HostType two = Tiny.Host with { Cores = 2 };
        double[] served = new double[3];
        double left = CpuShares.Divide(two, [Tiny.Asking(1500), Tiny.Asking(900), Tiny.Asking(604)], [], served);

        // A core gives at most 1,000: 2,000 for 2,504.
        Assert.Equal([Math.Floor(1000 * 2000 / 2504.0), Math.Floor(900 * 2000 / 2504.0), Math.Floor(604 * 2000 / 2504.0)], served);
        Assert.Equal(0, left);
    }

    [Fact]
    public void A_migrating_vm_gets_nine_tenths_at_its_source_and_costs_its_target_one_tenth()
    {
        SimulatedVm vm = Tiny.Asking(300);
        vm.IsMigrating = true;
        double[] served = new double[1];
        Assert.Equal(700, CpuShares.Divide(Tiny.Host, [vm], [], served));
        Assert.Equal(270, served[0], 9);
        Assert.Equal(970, CpuShares.Divide(Tiny.Host, [vm], [vm], served));
        Assert.Equal(30, served[0], 9);
    }

    [Fact]
    public void Demand_is_linear_between_samples_and_the_last_holds()
    {
        DemandTrace trace = Tiny.Trace([0.2, 0.5]);
        Assert.Equal([0.2, 0.3, 0.5, 0.5], new double[] { 0, 100, 300, 900 }.Select(t => Math.Round(trace.UseAt(0, t), 12)));
    }

    [Fact]
    public void Meters_count_an_instant_once_and_only_active_time()
    {
        HostSlaMeter meter = new();
        meter.Record(0, 100, 200);
        meter.Record(0, 100, 100);
        meter.Record(10, 90, 100);
        meter.Record(15, 0, 0);
        meter.Record(40, 50, 50);
        meter.Record(60, 50, 50);
        meter.Close();
        Assert.Equal((35.0, 5.0, 1, 1), (meter.ActiveSeconds, meter.ShortSeconds, meter.Shutdowns, meter.Boots));

        VmSlaMeter vm = new();
        vm.Record(0, 80, 100, isMigrating: false);
        vm.Record(10, 90, 100, isMigrating: true);
        vm.Record(15, 100, 100, isMigrating: false);
        Assert.Equal((1500.0, 50.0), (vm.Asked, vm.LostByMigration));
    }
}
