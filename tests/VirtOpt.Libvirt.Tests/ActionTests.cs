using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

/// <summary>Actions other than moves and resizes.</summary>
public sealed class ActionTests(LibvirtLab lab)
{
    [Fact]
    public void A_guest_is_suspended_and_goes_on_where_it_was()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double before = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        Apply(folder, """{"id": 1, "kind": "suspend", "vm": "vm01", "from": "h1", "start": 0, "end": 1, "after": []}""");
        Assert.All(LibvirtLab.HostNames, h => Assert.False(lab.IsOn("vm01", h)));
        Run elsewhere = Try(folder, """{"id": 1, "kind": "resume", "vm": "vm01", "to": "h2", "start": 0, "end": 1, "after": []}""");
        Assert.Contains("was suspended on h1 and can only be resumed there", elsewhere.Output, StringComparison.Ordinal);
        Run again = Apply(folder, """{"id": 1, "kind": "suspend", "vm": "vm01", "from": "h1", "start": 0, "end": 1, "after": []}""");
        Assert.Equal("already", (string)again.Json["actions"]![0]!["outcome"]!);
        Apply(folder, """{"id": 1, "kind": "resume", "vm": "vm01", "to": "h1", "start": 0, "end": 1, "after": []}""");
        Assert.Equal("h1", lab.HostOf("vm01"));
        (double uptime, long bad) = lab.Heartbeat("vm01");
        Assert.True(uptime > before, "the guest was rebooted");
        Assert.Equal(0, bad);
    }

    [Fact]
    public void The_disk_of_a_running_guest_is_copied_into_another_pool()
    {
        lab.Reset();
        lab.Guests(1, "h1", "GUEST_DISK=local");
        double before = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        Run none = Try(folder, """{"id": 1, "kind": "storageMigrate", "vm": "vm01", "start": 0, "end": 1, "after": []}""");
        Assert.Contains("does not say into which pool", none.Output, StringComparison.Ordinal);
        Apply(folder, """{"id": 1, "kind": "storageMigrate", "vm": "vm01", "pool": "shared", "start": 0, "end": 1, "after": []}""");
        Assert.True(File.Exists($"{lab.Folder}/shared/vm01.qcow2"));
        Assert.False(File.Exists($"{lab.Folder}/h1/local/vm01.qcow2"));
        Assert.Contains("/shared/vm01.qcow2", lab.Do("virsh", "h1", "domblklist", "vm01"), StringComparison.Ordinal);
        Assert.Contains("/shared/vm01.qcow2", lab.Do("virsh", "h1", "domblklist", "vm01", "--inactive"), StringComparison.Ordinal);
        Assert.True(lab.Uptime("vm01") > before, "the guest was rebooted");
    }

    private static Run Try(LabFolder folder, string action)
    {
        string plan = folder["plan.json"];
        File.Delete(plan + ".journal");
        File.WriteAllText(plan, $$"""{"format": "virtopt-plan", "version": 1, "cluster": "lab", "settings": {}, "actions": [{{action}}]}""");
        return CommandLine.Run("apply", plan, "--inventory", folder.Inventory, "--yes", "--json");
    }

    private static Run Apply(LabFolder folder, string action)
    {
        Run run = Try(folder, action);
        Assert.True(run.Code == 0, run.Output + run.Error);
        return run;
    }
}
