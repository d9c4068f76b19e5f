namespace VirtOpt.Core.Tests;

/// <summary>Small clusters that the examples speak of: hosts h0, h1 ... of 10 cores and 20 GiB, two to a rack; VMs v0, v1 ... of 1 core and 1 GiB.</summary>
internal static class Small
{
    public static IReadOnlyList<Dimension> Dimensions { get; } = [new("cpu", "core"), new("memory", "GiB")];

    public static Host Host(int number, long cpu = 10, long memory = 20) => new()
    {
        Name = $"h{number}",
        Capacity = [cpu, memory],
        Labels = new Dictionary<string, string> { ["rack"] = $"r{number / 2}" },
    };

    public static Host[] Hosts(int count) => [.. Enumerable.Range(0, count).Select(h => Host(h))];

    /// <summary>A VM that runs on a host.</summary>
    public static VirtualMachine Vm(int number, int host, long cpu = 1, long memory = 1) => New(number, cpu, memory) with { Start = On(host) };

    /// <summary>A VM that is still to be placed.</summary>
    public static VirtualMachine New(int number, long cpu = 1, long memory = 1) => new() { Name = $"v{number}", Demand = [cpu, memory] };

    public static ClusterSnapshot Cluster(Host[] hosts, params VirtualMachine[] vms) => new(Dimensions, hosts, vms);

    /// <summary>A cluster of default hosts with one default VM on each of the given hosts.</summary>
    public static ClusterSnapshot Cluster(int hosts, params int[] hostOfVm) => Cluster(Hosts(hosts), [.. hostOfVm.Select((host, vm) => Vm(vm, host))]);

    public static Place On(int host) => host < 0 ? Placement.Nowhere : new Place(new HostId(host));

    /// <summary>The cluster with its VMs on the given hosts; -1 for a VM that is not placed.</summary>
    public static PlacementView At(this ClusterSnapshot cluster, params int[] hosts) => new(cluster, Placed(hosts));

    public static PlacementView AtStart(this ClusterSnapshot cluster) => new(cluster, Placement.StartOf(cluster));

    public static Placement Placed(params int[] hosts) => new([.. hosts.Select(On)]);

    public static VmGroup Vms(params int[] vms) => new("web", [.. vms.Select(v => new VmId(v))]);

    public static HostGroup HostsOf(params int[] hosts) => new("licensed", [.. hosts.Select(h => new HostId(h))]);
}
