using VirtOpt.Cli.Executing;

namespace VirtOpt.Cli.Tests;

public sealed class WaveCheckTests
{
    [Theory]
    [InlineData(1000, 1000, 0)]
    [InlineData(1000, 1790, 0)] // 790 more than promised, of 4,000: within 20 %
    [InlineData(1000, 1810, 1)]
    public void More_load_than_promised_is_told(int before, int now, int complaints)
    {
        // Both VMs are on h2 now; v1 came from h1.
        WaveCheck check = new(Hosts([Vm(1, before)], [Vm(2, 500)]), tolerance: 20);
        Assert.Equal(complaints, check.Complaints(Hosts([], [Vm(1, now), Vm(2, 500)])).Count);
    }

    [Fact]
    public void A_host_that_is_full_shows_in_what_its_vms_wait_for()
    {
        WaveCheck check = new(Hosts([Vm(1, 3000)], [Vm(2, 3000)]), tolerance: 20);
        HostReading[] now = Hosts([], [Vm(1, 2000) with { WaitMillicores = 1000 }, Vm(2, 2000) with { WaitMillicores = 1000 }]);
        Assert.Equal("VMs on h2 wait for 2000 millicore, for 0 before", Assert.Single(check.Complaints(now)));
    }

    [Theory]
    [InlineData(7000, 0)] // 8,000 less the 1,000 that came
    [InlineData(5410, 0)] // 1,590 less than promised, of 8,000: within 20 %
    [InlineData(5390, 1)]
    public void Less_free_memory_than_promised_is_told(long free, int complaints)
    {
        WaveCheck check = new(Hosts([Vm(1, 100)], []), tolerance: 20);
        HostReading[] now = Hosts([], [Vm(1, 100)]);
        Assert.Equal(complaints, check.Complaints([now[0], now[1] with { FreeMemoryMiB = free }]).Count);
    }

    [Fact]
    public void A_vm_that_is_gone_is_told() => Assert.Equal(
        "v2 runs on no host any more", Assert.Single(new WaveCheck(Hosts([Vm(1, 100)], [Vm(2, 100)]), 20).Complaints(Hosts([Vm(1, 100)], []))));

    [Fact]
    public void A_vm_that_stands_still_is_told_unless_it_did_before()
    {
        WaveCheck check = new(Hosts([Vm(1, 100), Vm(2, 0) with { IsPaused = true }], []), 20);
        HostReading[] now = Hosts([Vm(2, 0) with { IsPaused = true }], [Vm(1, 0) with { IsPaused = true }]);
        Assert.Equal("v1 stands still", Assert.Single(check.Complaints(now)));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 0)]
    [InlineData(true, null, 0)]
    [InlineData(false, false, 0)]
    [InlineData(null, false, 0)]
    public void An_agent_that_fell_silent_is_told(bool? then, bool? now, int complaints)
    {
        WaveCheck check = new(Hosts([Vm(1, 100) with { AgentAnswers = then }], []), 20);
        Assert.Equal(complaints, check.Complaints(Hosts([], [Vm(1, 100) with { AgentAnswers = now }])).Count);
    }

    [Fact]
    public void A_vm_that_came_meanwhile_was_not_promised_and_is_no_fault() =>
        Assert.Empty(new WaveCheck(Hosts([Vm(1, 100)], []), 20).Complaints(Hosts([Vm(1, 100), Vm(2, 3500)], [])));

    private static VmReading Vm(int number, long cpu) => new()
    {
        Name = $"v{number}",
        Uuid = new Guid(number, 0, 0, new byte[8]),
        Vcpus = (4, 4),
        MemoryMiB = 1000,
        BalloonMiB = 1000,
        CpuMillicores = cpu,
    };

    private static HostReading[] Hosts(VmReading[] first, VmReading[] second) =>
        [.. new[] { first, second }.Select((vms, h) => new HostReading { Name = $"h{h + 1}", Cpus = 4, MemoryMiB = 8000, FreeMemoryMiB = 8000, Vms = vms })];
}
