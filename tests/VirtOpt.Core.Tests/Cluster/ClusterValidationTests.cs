namespace VirtOpt.Core.Tests;

/// <summary>Everything that a cluster may not be: each refusal names item, value and expectation, and gives advice.</summary>
public sealed class ClusterValidationTests
{
    private const long TooLarge = 1_000_000_000_001;

    [Fact]
    public void AClusterNeedsHostsAndDimensions()
    {
        Judge.Refuses(() => Small.Cluster([]), "cluster (cluster)", "no host");
        Judge.Refuses(() => _ = new ClusterSnapshot([], [new Host { Name = "h", Capacity = [] }], []), "cluster (cluster)", "no dimension");
        Judge.Refuses(() => _ = new ClusterSnapshot([new("cpu", " ")], [new Host { Name = "h", Capacity = [1] }], []), "dimension (cpu)", "no unit");
    }

    [Fact]
    public void NamesAreUniqueAndNotEmpty()
    {
        Judge.Refuses(() => Small.Cluster([Small.Host(0), Small.Host(0)]), "host (h0)", "twice");
        Judge.Refuses(() => Small.Cluster(Small.Hosts(1), Small.Vm(3, 0), Small.Vm(3, 0)), "VM (v3)", "twice");
        Judge.Refuses(() => _ = new ClusterSnapshot([new("cpu", "core"), new("cpu", "core")], Small.Hosts(1), []), "dimension (cpu)", "twice");
        Judge.Refuses(() => _ = new ClusterSnapshot(Small.Dimensions, Small.Hosts(1), [], [Small.Vms(), Small.Vms()]), "VM group (web)", "twice");
        HostGroup group = Small.HostsOf();
        Judge.Refuses(() => _ = new ClusterSnapshot(Small.Dimensions, Small.Hosts(1), [], [], [group, group]), "host group (licensed)", "twice");
        Judge.Refuses(() => Small.Cluster([Small.Host(0) with { Name = " " }]), "host", "empty name");
    }

    [Fact]
    public void GroupsNameMembersThatExistInOrder()
    {
        static void Refused(VmGroup group, HostGroup hosts, params string[] words) =>
            Judge.Refuses(() => _ = new ClusterSnapshot(Small.Dimensions, Small.Hosts(2), [Small.Vm(0, 0), Small.Vm(1, 1)], [group], [hosts]), words);

        Refused(Small.Vms(0, 2), Small.HostsOf(), "VM group (web)", "below 2", "(2)");
        Refused(Small.Vms(1, 0), Small.HostsOf(), "VM group (web)", "ascending", "(0)");
        Refused(Small.Vms(1, 1), Small.HostsOf(), "VM group (web)", "without repeats", "(1)");
        Refused(Small.Vms(-1), Small.HostsOf(), "VM group (web)", "(-1)");
        Refused(Small.Vms(), Small.HostsOf(5), "host group (licensed)", "(5)");
    }

    [Fact]
    public void AmountsOfHostsAreInRange()
    {
        RefusedHost(h => h with { Capacity = [-1, 1] }, "capacity (-1)", "dimension (cpu)", "0 .. 1000000000000", "not in core");
        RefusedHost(h => h with { Capacity = [1, TooLarge] }, $"capacity ({TooLarge})", "dimension (memory)");
        RefusedHost(h => h with { Capacity = [1] }, "capacity", "1 amounts for 2 dimensions");
        RefusedHost(h => h with { Reserve = [-1, 0] }, "reserve (-1)");
        RefusedHost(h => h with { Reserve = [1] }, "reserve", "1 amounts for 2 dimensions");
        RefusedHost(h => h with { Reserve = [0, 21] }, "reserve (21)", "dimension (memory)", "above its capacity (20)");
        RefusedHost(h => h with { OvercommitPercent = [0, 100] }, "overcommit per cent (0)", "1 .. 100000", "400");
        RefusedHost(h => h with { OvercommitPercent = [100, 100_001] }, "overcommit per cent (100001)", "dimension (memory)");
        RefusedHost(h => h with { Price = TooLarge }, $"price ({TooLarge})");
    }

    [Fact]
    public void PartsOfHostsMakeSense()
    {
        RefusedHost(h => h with { NumaNodes = [new([1], [0])] }, "capacity of NUMA node (0)", "1 amounts");
        RefusedHost(h => h with { NumaNodes = [new([1, 1], [2])] }, "limited dimension of NUMA node (0)");
        RefusedHost(h => h with { NumaNodes = [.. Enumerable.Repeat(new HostPart([1, 1], [0]), 17)] }, "number (17) of NUMA nodes", "above 16");
        RefusedHost(h => h with { Gpus = [new([-3, 1], [0])] }, "capacity (-3) of GPU (0)");
        RefusedHost(h => h with { Gpus = [.. Enumerable.Repeat(new HostPart([1, 1], [0]), 17)] }, "number (17) of GPUs");
    }

    [Fact]
    public void PowerCurvesRiseFromNothingToFull()
    {
        RefusedHost(h => h with { Power = new([new(0, 10)]) }, "power curve", "at least 2 points");
        RefusedHost(h => h with { Power = new([new(10, 10), new(100, 20)]) }, "power curve", "0 to 100 %");
        RefusedHost(h => h with { Power = new([new(0, 10), new(90, 20)]) }, "power curve");
        RefusedHost(h => h with { Power = new([new(0, 10), new(50, 20), new(50, 30), new(100, 40)]) }, "power curve");
        RefusedHost(h => h with { Power = new([new(0, -1), new(100, 20)]) }, "power curve", "watts of at least 0");
        RefusedHost(h => h with { Power = new([new(0, 1), new(100, 2)], "gpu") }, "power curve", "dimension (gpu)", "(cpu), (memory)");
    }

    [Fact]
    public void AmountsOfVmsAreInRange()
    {
        RefusedVm(v => v with { Demand = [-1, 1] }, "demand (-1)", "dimension (cpu)");
        RefusedVm(v => v with { Demand = [1, 1, 1] }, "demand", "3 amounts for 2 dimensions");
        RefusedVm(v => v with { Reservation = [1, TooLarge] }, $"reservation ({TooLarge})");
        RefusedVm(v => v with { MigrationCost = -1 }, "migration cost (-1)");
        RefusedVm(v => v with { NumaNodes = 17 }, "number of NUMA nodes (17)", "0 .. 16");
        RefusedVm(v => v with { NumaNodes = -1 }, "number of NUMA nodes (-1)");
        RefusedVm(v => v with { Gpus = 17 }, "number of GPUs (17)", "0 .. 16");
    }

    [Fact]
    public void AVmStartsWhereItsShapeFits()
    {
        RefusedVm(v => v with { Start = Small.On(1) }, "start", "host that does not exist");
        RefusedVm(v => v with { Start = Placement.Nowhere }, "start", "host that does not exist");
        RefusedVm(v => v with { Movable = false, Start = null }, "not movable", "no host to stay on");
        RefusedVm(v => v with { NumaNodes = 1 }, "host (h0)", "expected 1 of its 2 NUMA nodes");
        RefusedVm(v => v with { NumaNodes = 1, Start = new Place(new HostId(0), 0b11) }, "NUMA nodes (0,1)");
        RefusedVm(v => v with { NumaNodes = 1, Start = new Place(new HostId(0), 0b100) }, "NUMA nodes (2)");
        RefusedVm(v => v with { Start = new Place(new HostId(0), 0, 0b1) }, "GPUs (0)", "0 of its 1 GPUs");
        RefusedVm(v => v with { Gpus = 1, Start = new Place(new HostId(0), 0, 0b10) }, "GPUs (1)", "1 of its 1 GPUs");
    }

    [Fact]
    public void AVmThatIsToBePlacedFitsSomeHostButOneThatRunsIsData()
    {
        Judge.Refuses(() => Small.Cluster(Small.Hosts(2), Small.New(0, cpu: 11)), "VM (v0)", "larger than every host", "11 core of cpu (most on one host: 10)");
        Assert.Single(Small.Cluster(Small.Hosts(2), Small.Vm(0, 1, cpu: 11)).Vms);
    }

    private static void RefusedHost(Func<Host, Host> change, params string[] words) =>
        Judge.Refuses(() => Small.Cluster([change(Small.Host(0))]), [.. words, "host (h0)"]);

    private static void RefusedVm(Func<VirtualMachine, VirtualMachine> change, params string[] words)
    {
        Host host = Small.Host(0) with { NumaNodes = [new([5, 10], [0]), new([5, 10], [0])], Gpus = [new([0, 8], [1])] };
        Judge.Refuses(() => Small.Cluster([host], change(Small.Vm(0, 0))), [.. words, "VM (v0)"]);
    }
}
