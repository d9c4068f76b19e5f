namespace VirtOpt.Adapters.Tests;

public sealed class InventoryTests
{
    [Fact]
    public void The_sample_of_the_page_is_read_as_it_says()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "src", "VirtOpt.Adapters", "Hypervisors", "README.md"));
        HostInventory inventory = Read(page.Split("```yaml\n")[1].Split("```")[0]);
        Assert.Equal("rack 4", inventory.Name);
        Assert.Equal(["kvm-01", "kvm-02"], inventory.Hosts.Select(h => h.Name));
        Assert.Equal("r1", inventory.Hosts[0].Labels["rack"]);
        Assert.Equal((2000, 8192), (inventory.Hosts[0].ReserveCpu, inventory.Hosts[0].ReserveMemory));
        Assert.Equal("qemu+tls://kvm-01.example.net/system", inventory.Hosts[0].UriForPeers);
        Assert.Equal("qemu+tls://kvm-02.example.net/system", inventory.Hosts[1].UriForPeers);
        Assert.True(inventory.Hosts[1].IsInMaintenance);
        Assert.Equal((500, 500), (inventory.Migration.Bandwidth, inventory.Migration.MaxDowntimeMilliseconds));
        Assert.Equal((CpuNeed.Performance, CpuNeed.Latency), (inventory.NeedOf("web-1"), inventory.NeedOf("db-1")));
        PlacementProblem problem = SnapshotBuilder.Build(inventory, [Host("kvm-01", "A", Vm("web-1")), Host("kvm-02", "A", Vm("licence-1"))]);
        Assert.Equal(["licence-1", "web-1"], problem.Cluster.Vms.Select(v => v.Name));
        Assert.Equal([false, true], problem.Cluster.Vms.Select(v => v.Movable));
        Assert.Equal(HostState.Maintenance, problem.Cluster.Hosts[1].State);
        Assert.Single(problem.Constraints.OfType<AntiAffinity>());
        Assert.Equal(2, problem.Objectives.Count);
    }

    [Theory]
    [InlineData("hosts: []", "the inventory has no host")]
    [InlineData("hosts:\n  - name: a\n    uri: qemu:///system\n  - name: a\n    uri: qemu:///system", "(line 5): the host (a) is there twice")]
    [InlineData("hosts:\n  - name: a", "the field (uri) of the host is missing")]
    [InlineData("hosts:\n  - name: a\n    uri: qemu+ssh://me:secret@x/system", "(line 3): the URI of (x) holds a password")]
    [InlineData("hosts:\n  - name: a\n    uri: qemu:///system\n    rac: r1", "has an unknown field (rac)")]
    [InlineData("hosts: [", "this is not YAML")]
    [InlineData("", "expected one YAML document")]
    [InlineData("hosts:\n  - name: a\n    uri: qemu:///system\ngroups:\n  - name: g", "(line 5): the group (g) needs either vms or hosts")]
    [InlineData("hosts:\n  - {name: a, uri: 'qemu:///system'}\nneed: latency", "(line 3): need does not stand here")]
    [InlineData("hosts:\n  - {name: a, uri: 'qemu:///system'}\npolicy:\n  need: speed", "(line 4)")]
    [InlineData("hosts:\n  - {name: a, uri: 'qemu:///system'}\npolicy:\n  - need: latency", "(line 4): policy is no object")]
    [InlineData("hosts:\n  - {name: a, uri: 'qemu:///system'}\ngroups:\n  - {name: g, hosts: [a], need: latency}", "the group (g) of hosts has a need")]
    public void What_makes_no_sense_is_told_with_its_line(string yaml, string message)
    {
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => Read(yaml));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("\nMaybe ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_does_not_fit_is_told_with_its_line()
    {
        HostInventory inventory = Read("hosts:\n  - name: a\n    uri: qemu:///system\npolicy:\n  constraints:\n    - {type: anti-affinity, group: web}");
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => SnapshotBuilder.Build(inventory, [Host("a", "A", Vm("x"))]));
        Assert.Contains("(line 6)", error.Message, StringComparison.Ordinal);
        Assert.Contains("VM group", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_binds_a_vm_is_said_and_host_cpus_are_fenced()
    {
        HostInventory inventory = Read("hosts:\n  - {name: a, uri: 'qemu:///system'}\n  - {name: b, uri: 'qemu:///system'}\n");
        VmReading[] vms =
        [
            Vm("cpu") with { NeedsHostCpu = true },
            Vm("disk") with { LocalDisks = new Dictionary<string, long> { ["/local/disk.qcow2"] = 100 } },
            Vm("gpu") with { Bindings = ["a device of the host that is passed through (pci 0000:65:00.0)"] },
            Vm("idle") with { CpuMillicores = 0 },
            Vm("twin"),
        ];
        PlacementProblem problem = SnapshotBuilder.Build(inventory, [Host("a", "Rome", vms), Host("b", "Milan", Vm("twin"))]);
        Dictionary<string, VirtualMachine> byName = problem.Cluster.Vms.ToDictionary(v => v.Name);
        Assert.Contains("bound to a by the local disk /local/disk.qcow2", byName["disk"].PinReason, StringComparison.Ordinal);
        Assert.Contains("0000:65:00.0", byName["gpu"].PinReason, StringComparison.Ordinal);
        Assert.False(byName["twin@a"].Movable);
        Assert.False(byName["twin@b"].Movable);
        Assert.True(byName["cpu"].Movable);
        Assert.Equal(20, byName["idle"].Demand[0]);
        Fence fence = Assert.Single(problem.Constraints.OfType<Fence>());
        Assert.Equal(["cpu"], fence.Group.Members.Select(m => problem.Cluster[m].Name));
        Assert.Equal(["a"], fence.Hosts.Members.Select(h => problem.Cluster[h].Name));
    }

    [Theory, InlineData(CpuNeed.Demand, 400), InlineData(CpuNeed.Performance, 600), InlineData(CpuNeed.Latency, 900)]
    public void A_vm_that_waits_needs_more_than_it_uses(CpuNeed need, long expected)
    {
        HostInventory inventory = Read("hosts:\n  - {name: a, uri: 'qemu:///system'}\n") with { Need = need };
        PlacementProblem problem = SnapshotBuilder.Build(inventory, [Host("a", "A", Vm("x") with { CpuMillicores = 400, WaitMillicores = 200 })]);
        Assert.Equal(expected, problem.Cluster.Vms[0].Demand[0]);
    }

    [Fact]
    public void Vms_that_must_answer_soon_have_their_own_cpus_within_one_numa_node()
    {
        HostInventory inventory = Read(
            """
            hosts: [{name: a, uri: 'qemu:///system'}, {name: b, uri: 'qemu:///system'}, {name: c, uri: 'qemu:///system'}]
            vcpuOvercommit: 250
            groups: [{name: db, vms: ['db*'], need: latency}, {name: all, vms: ['*'], need: performance}]
            """);
        NumaReading[] small = [new(4, 1024, 0), new(4, 1024, 0)];
        NumaReading[] large = [new(4, 32768, 0), new(4, 32768, 0)];
        PlacementProblem problem = SnapshotBuilder.Build(
            inventory,
            [Host("a", "A", Vm("db1"), Vm("web")) with { Numa = small }, Host("b", "A", Vm("db2") with { IsPaused = true }) with { Numa = large }, Host("c", "A")]);
        Assert.Equal([5, 5, 2], problem.Cluster.Vms.Select(v => v.Demand[2]));
        Fence fence = Assert.Single(problem.Constraints.OfType<Fence>());
        Assert.Equal(["db1"], fence.Group.Members.Select(m => problem.Cluster[m].Name));
        Assert.Equal(["b", "c"], fence.Hosts.Members.Select(h => problem.Cluster[h].Name));
    }

    private static HostReading Host(string name, string model, params VmReading[] vms) =>
        new() { Name = name, CpuModel = model, Cpus = 8, MemoryMiB = 65536, FreeMemoryMiB = 60000, Vms = vms };

    private static VmReading Vm(string name) => new() { Name = name, Uuid = Guid.NewGuid(), Vcpus = (2, 4), MemoryMiB = 2048, CpuMillicores = 500 };

    private static HostInventory Read(string yaml)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            return InventoryYaml.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Root()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "VirtOpt.Solver.sln"))) at = at.Parent!;
        return at.FullName;
    }
}
