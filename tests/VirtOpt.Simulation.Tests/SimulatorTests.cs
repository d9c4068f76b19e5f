namespace VirtOpt.Simulation.Tests;

public sealed class SimulatorTests
{
    private static readonly SimulationSettings OnTheGrid = new() { OffsetSeconds = 0 };

    [Fact]
    public void First_placement_takes_the_host_whose_power_rises_least_and_the_first_of_equals()
    {
        Simulator simulator = new(Tiny.Trace([0.5], [0.5], [0.5]), Tiny.Centre(2, 3));
        Assert.Equal([[0, 2], [1]], simulator.Hosts.Select(h => h.Vms.Select(vm => vm.Index)));
    }

    [Fact]
    public void One_migration_costs_what_the_formulas_say()
    {
        // Two VMs ask for 200 MIPS each. At 300 s the second goes to the first host, which takes 100 MiB / 10 MiB/s = 10 s.
        Simulator simulator = new(Tiny.Trace([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]), Tiny.Centre(2, 2), OnTheGrid);
        SimulationResult result = simulator.Run(new Scripted([new VmMove(1, 0)]), TestContext.Current.CancellationToken);

        // 300 .. 310 s: the target at (200 + 20) / 1000 draws 122 W, the source 120 W. 310 .. 600 s: one host at 0.4 draws 140 W.
        Assert.Equal(((122 * 10) + (120 * 10) + (140 * 290)) / 3.6e6, result.EnergyKwh, 12);
        Assert.Equal(1, result.Migrations);

        // The target is short while 20 of the VM's 200 MIPS are charged: 10 s of 300 + 10 active seconds.
        Assert.Equal(10 / 310.0, result.Slatah, 12);

        // 20 MIPS are lost for 10 s, of 2 x 200 MIPS x 300 s.
        Assert.Equal(20 * 10 / 120_000.0, result.Pdm, 12);
        Assert.Equal(10 / 310.0 * (1 / 600.0), result.Slav, 12);
        Assert.Equal((1, 0), (result.HostShutdowns, result.HostBoots));
        Assert.Equal(310 / 300.0, result.MeanActiveHosts, 12);
    }

    [Fact]
    public void A_host_that_is_woken_counts_as_booted_and_draws_from_then_on()
    {
        Simulator simulator = new(Tiny.Trace([0.5, 0.5, 0.5, 0.5]), Tiny.Centre(2, 1), OnTheGrid);
        SimulationResult result = simulator.Run(new Scripted([], [new VmMove(0, 1)]), TestContext.Current.CancellationToken);

        // The second host, off at 300 s, counts as switched off, as in the published experiment; it is woken at 600 s, and at 610 s the first goes off.
        Assert.Equal((2, 1), (result.HostShutdowns, result.HostBoots));
        Assert.Equal(((120 * 300) + (102 * 10) + (120 * 10) + (120 * 290)) / 3.6e6, result.EnergyKwh, 12);
    }

    [Fact]
    public void A_vm_named_twice_ends_on_the_last_host_and_counts_twice()
    {
        Simulator simulator = new(Tiny.Trace([0.5, 0.5, 0.5]), Tiny.Centre(3, 1), OnTheGrid);
        SimulationResult result = simulator.Run(new Scripted([new VmMove(0, 1), new VmMove(0, 2)]), TestContext.Current.CancellationToken);
        Assert.Equal(2, result.Migrations);
        Assert.Equal([0, 0, 1], simulator.Hosts.Select(h => h.Vms.Count));
    }

    [Theory, InlineData(true, 1), InlineData(false, 0)]
    public void A_vm_that_asks_for_nothing_ends_for_good_unless_it_is_kept(bool ends, int ended)
    {
        // The second VM sleeps through the step at 300 s and asks for 0.5 at 600, 900 and 1,200 s.
        DemandTrace trace = Tiny.Trace([0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0, 0.5, 0.5, 0.5]);
        SimulationResult result = new Simulator(trace, Tiny.Centre(2, 2), OnTheGrid with { EndIdleVms = ends })
            .Run(new NoMigration(), TestContext.Current.CancellationToken);
        Assert.Equal(ended, result.EndedVms);

        // Played are 300 .. 1,200 s: 3 intervals of the first VM, 2 of the second, of 5 + 4 in the trace; the step at 300 s has asked for nothing.
        Assert.Equal((ends ? 3 : 5) / 9.0, result.DemandShare, 12);
    }

    [Fact]
    public void The_energy_floor_serves_every_instruction_at_the_best_point()
    {
        // 0.2 W for each MIPS at full use; 2 x 3 samples of 200 MIPS for 300 s.
        DemandTrace trace = Tiny.Trace([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);
        Assert.Equal(6 * 200 * 300 * 0.2 / 3.6e6, Tiny.Centre(2, 2).EnergyFloorKwh(trace), 12);
    }

    [Fact]
    public void A_vm_that_fits_nowhere_is_named()
    {
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => new Simulator(Tiny.Trace([1], [1], [1]), Tiny.Centre(1, 3)));
        Assert.Contains("VM 3 (vm) finds no host with 400 MIPS and 100 MiB left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_can_be_ended() =>
        Assert.Throws<OperationCanceledException>(
            () => new Simulator(Tiny.Trace([1, 1]), Tiny.Centre(1, 1), OnTheGrid with { StepSeconds = 100 })
                .Run(new NoMigration(), new CancellationToken(true)));
}
