using Newtonsoft.Json.Linq;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

public sealed class SnapshotTests(LibvirtLab lab)
{
    [Fact]
    public void What_runs_in_the_lab_is_a_problem_that_can_be_solved()
    {
        lab.Reset();
        lab.Guests(2, "h1", "GUEST_LOAD=60", "GUEST_VCPUS=2");
        lab.Guests(1, "h2", "GUEST_DISK=local");
        lab.Guests(1, "h3", "GUEST_DISK=shared", "GUEST_MEM=192");
        lab.Heartbeat("vm01");
        lab.Heartbeat("vm04");
        using LabFolder folder = new(
            lab,
            $"sharedPaths: [{lab.Folder}/shared]\ngroups:\n  - {{name: pair, vms: [vm01, vm02]}}\n  - {{name: web, vms: ['vm0*']}}\n"
            + "policy:\n  constraints:\n    - {type: anti-affinity, group: pair}\n");
        Run run = CommandLine.Run("snapshot", "--inventory", folder.Inventory, "--output", folder["cluster.json"], "--json");
        Assert.True(run.Code == 0, run.Error);
        PlacementProblem problem = FormatCatalogue.Load([folder["cluster.json"]]).Problem;
        Assert.Equal(LibvirtLab.HostNames, problem.Cluster.Hosts.Select(h => h.Name));
        Assert.All(problem.Cluster.Hosts, h => Assert.Equal([8000, 16384, 8], h.Capacity));
        Assert.Equal(["vm01", "vm02", "vm03", "vm04"], problem.Cluster.Vms.Select(v => v.Name));
        Assert.Equal(["h1", "h1", "h2", "h3"], problem.Cluster.Vms.Select(v => problem.Cluster[v.Start!.Value.Host].Name));
        Assert.Equal([128, 128, 128, 192], problem.Cluster.Vms.Select(v => v.Demand[1]));
        Assert.Equal([2, 2, 1, 1], problem.Cluster.Vms.Select(v => v.Demand[2]));
        Assert.InRange(problem.Cluster.Vms[0].Demand[0], 21, 2000);
        Assert.Equal(4, problem.Cluster.Group("web").Members.Count);
        Assert.Contains(problem.Constraints, c => c is AntiAffinity);

        // A local disk binds; a shared one does not.
        Assert.Equal([true, true, false, true], problem.Cluster.Vms.Select(v => v.Movable));
        Assert.Contains("/local/vm03.qcow2", problem.Cluster.Vms[2].PinReason, StringComparison.Ordinal);
        JToken disk = run.Json.SelectToken("hosts[1].vms[0].localDisks[0]")!;
        Assert.EndsWith("/local/vm03.qcow2", (string)disk!, StringComparison.Ordinal);
        Assert.Contains(run.Json["hosts"]![0]!["pools"]!, p => (string)p["name"]! == "shared" && (bool)p["shared"]!);

        Run solved = CommandLine.Run("solve", folder["cluster.json"], "--time-limit", "20", "--json");
        Assert.Equal(0, solved.Code);
        Assert.True((int)solved.Json["migrations"]! >= 1);
    }

    [Fact]
    public void A_host_that_does_not_answer_is_named()
    {
        lab.Reset();
        lab.Do("daemon", "h2", "kill");
        using LabFolder folder = new(lab);
        Run run = CommandLine.Run("snapshot", "--inventory", folder.Inventory, "--output", folder["cluster.json"]);
        lab.Do("daemon", "h2", "start");
        Assert.Equal(2, run.Code);
        Assert.Contains("(h2) does not answer", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["cluster.json"]));
    }
}
