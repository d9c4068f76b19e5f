namespace VirtOpt.Core.Tests;

/// <summary>How long migrations take: the formulas by hand.</summary>
public sealed class TransferModelTests
{
    /// <summary>1,000 MiB/s: 1,048,576,000 bytes are 8,388.608 Mbit.</summary>
    private static readonly TransferModel Model = new() { Bandwidth = 8388.608, Overhead = 2, DowntimeLimit = 0.1 };

    [Fact]
    public void Memory_that_nobody_writes_to_is_copied_once()
    {
        TransferEstimate estimate = Model.Estimate(4000, new VmTransfer { DirtyRate = 0 }, TransferMode.PreCopy);
        Assert.Equal((6.0, 0.0, 4000.0, 2), (estimate.Seconds, estimate.DowntimeSeconds, estimate.MovedMiB, estimate.Rounds));
    }

    /// <summary>4,000 MiB, then half of what went before, until 100 MiB or less are left: 4000 + 2000 + 1000 + 500 + 250 + 125 + 62.5.</summary>
    [Fact]
    public void Rounds_shrink_by_the_ratio_of_dirty_rate_and_bandwidth()
    {
        TransferEstimate estimate = Model.Estimate(4000, new VmTransfer { DirtyRate = 500, WorkingSetMiB = 4000 }, TransferMode.PreCopy);
        Assert.Equal(7937.5, estimate.MovedMiB, 6);
        Assert.Equal(9.9375, estimate.Seconds, 6);
        Assert.Equal(0.0625, estimate.DowntimeSeconds, 6);
        Assert.Equal(7, estimate.Rounds);
    }

    /// <summary>A VM that writes faster than the network carries is stopped when copying again gains nothing: its working set is the downtime.</summary>
    [Fact]
    public void A_busy_VM_is_stopped_with_its_working_set_left()
    {
        TransferEstimate estimate = Model.Estimate(4000, new VmTransfer { DirtyRate = 3000, WorkingSetMiB = 800 }, TransferMode.PreCopy);
        Assert.Equal(0.8, estimate.DowntimeSeconds, 6);
        Assert.Equal(4000 + 800 + 800, estimate.MovedMiB, 6);
        Assert.Equal(7.6, estimate.Seconds, 6);
    }

    [Fact]
    public void Post_copy_sends_each_page_once_and_compression_helps_both()
    {
        Assert.Equal(6, Model.Estimate(4000, new VmTransfer { DirtyRate = 900 }, TransferMode.PostCopy).Seconds, 6);
        TransferModel packed = Model with { Compression = 2 };
        Assert.Equal(4, packed.Estimate(4000, new VmTransfer { DirtyRate = 0 }, TransferMode.PreCopy).Seconds, 6);
        Assert.Equal(4, packed.Estimate(4000, new VmTransfer(), TransferMode.PostCopy).Seconds, 6);
    }

    [Fact]
    public void A_cold_move_stops_copies_disks_and_boots()
    {
        TransferEstimate estimate = Model.Estimate(4000, new VmTransfer { DiskMiB = 10_000 }, TransferMode.Cold);
        Assert.Equal(20 + 10 + 30, estimate.Seconds, 6);
        Assert.Equal(estimate.Seconds, estimate.DowntimeSeconds);
    }

    [Fact]
    public void Measured_times_replace_estimates() =>
        Assert.Equal(77, Model.Estimate(4000, new VmTransfer { Seconds = 77 }, TransferMode.PreCopy).Seconds);

    [Fact]
    public void Memory_is_the_demand_in_the_memory_dimension_in_its_unit()
    {
        ClusterSnapshot cluster = Small.Cluster(Small.Hosts(2), Small.Vm(0, 0, 1, 3), Small.Vm(1, 0) with { Downtime = DowntimeClass.Cold });
        PlanSettings settings = new();
        Assert.Equal(3 * 1024, settings.MemoryMiB(cluster, new VmId(0)));
        Assert.Equal(ActionKind.Migrate, settings.MoveKind(cluster, new VmId(0), Small.On(0), Small.On(1)));
        Assert.Equal(ActionKind.ColdMigrate, settings.MoveKind(cluster, new VmId(1), Small.On(0), Small.On(1)));
        PlanSettings disk = new() { Vms = new Dictionary<VmId, VmTransfer> { [new VmId(0)] = new() { DiskMiB = 5 } } };
        Assert.Equal(ActionKind.MigrateWithStorage, disk.MoveKind(cluster, new VmId(0), Small.On(0), Small.On(1)));
        Assert.Equal(2, settings.MoveSeconds(cluster, new VmId(0), Small.On(0), Small.On(0)));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        ClusterSnapshot cluster = Small.Cluster(2, 0);
        Judge.Refuses(() => new PlanSettings { Transfer = new() { Bandwidth = 0 } }.Validate(cluster), "bandwidth", "(0)");
        Judge.Refuses(() => new PlanSettings { Transfer = new() { DirtyRate = double.NaN } }.Validate(cluster), "dirty rate");
        Judge.Refuses(() => new PlanSettings { Limits = new() { PerHost = 0 } }.Validate(cluster), "migrations per host (0)");
        Judge.Refuses(() => new PlanSettings { Limits = new() { Windows = [new(5, 9), new(8, 12)] } }.Validate(cluster), "window");
        Judge.Refuses(() => new PlanSettings { Limits = new() { Windows = [new(50, 90)], Deadline = 50 } }.Validate(cluster), "deadline");
        Judge.Refuses(() => new PlanSettings { Limits = new() { LinkScope = "zone" } }.Validate(cluster), "zone");
        Judge.Refuses(() => new PlanSettings { MemoryDimension = "disk" }.Validate(cluster), "disk");
        Judge.Refuses(
            () => new PlanSettings { Vms = new Dictionary<VmId, VmTransfer> { [new VmId(0)] = new() { Seconds = -1 } } }.Validate(cluster), "VM (v0)", "(-1)");
    }
}
