namespace VirtOpt.Core.Tests.Rightsizing;

public sealed class RightSizerTests
{
    [Theory]
    [InlineData(SizingPolicy.Demand, 1600, 0, 2, 2, SizeVerdict.Right)] // 80 % of 2,000
    [InlineData(SizingPolicy.Demand, 1750, 0, 2, 3, SizeVerdict.TooSmall)]
    [InlineData(SizingPolicy.Demand, 300, 0, 4, 1, SizeVerdict.TooBig)]
    [InlineData(SizingPolicy.Demand, 700, 900, 1, 1, SizeVerdict.Right)] // waiting does not count
    [InlineData(SizingPolicy.Performance, 700, 900, 1, 3, SizeVerdict.TooSmall)]
    [InlineData(SizingPolicy.Latency, 900, 0, 1, 2, SizeVerdict.TooSmall)]
    public void Virtual_cpus_follow_from_the_policys_percentile(SizingPolicy policy, int cpu, int wait, int now, int advised, SizeVerdict verdict)
    {
        SizeAdvice advice = new RightSizer(policy).Advise(Vm(now, 100) with { Cpu = Flat(cpu), Wait = Flat(wait) });
        Assert.Equal(advised, advice.Change.Vcpus ?? now);
        Assert.Equal(verdict, advice.Verdict);
        Assert.Equal(advice.Verdict == SizeVerdict.Right, advice.Change.IsEmpty);
        if (advice.Verdict != SizeVerdict.Right) Assert.Contains(policy == SizingPolicy.Latency ? "P99" : "P95", advice.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_is_never_exceeded_and_says_what_is_missing()
    {
        SizeAdvice advice = new RightSizer(SizingPolicy.Demand).Advise(Vm(4, 100) with { Cpu = Flat(3990), MostVcpus = 4 });
        Assert.Equal((SizeVerdict.Right, null), (advice.Verdict, advice.Change.Vcpus));
        Assert.Contains("it needs 5 vCPUs and its definition allows 4", Assert.Single(advice.Reasons), StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_the_history_advice_keeps_its_promises(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            int vcpus = random.Next(1, 9);
            long balloon = random.Next(64, 4096);
            VmSize size = new() { Vcpus = vcpus, MemoryMiB = balloon, CpuShares = 1024, CpuQuota = random.Next(2) * 50, BlockWeight = 500 };
            VmUsage vm = new("v", size, 8, 4096)
            {
                Cpu = Noise(random, vcpus * 1000),
                Wait = Noise(random, 1000),
                Used = Noise(random, balloon),
            };
            foreach (SizingPolicy policy in Enum.GetValues<SizingPolicy>())
            {
                SizeAdvice advice = new RightSizer(policy).Advise(vm);
                Assert.InRange(advice.Change.Vcpus ?? vcpus, 1, 8);
                Assert.InRange(advice.Change.MemoryMiB ?? balloon, 1, 4096);
                if (advice.Change.MemoryMiB < balloon) Assert.True(advice.Change.MemoryMiB >= vm.Used.Where(u => !double.IsNaN(u)).Max() + 64);
                Assert.Equal(advice.Verdict == SizeVerdict.Right, advice.Change.IsEmpty);
                // What was advised is right: asking again changes neither CPUs nor memory, or the advice would swing.
                VmUsage after = vm with { Now = vm.Now with { Vcpus = advice.Change.Vcpus ?? vcpus, MemoryMiB = advice.Change.MemoryMiB ?? balloon } };
                SizeAdvice again = new RightSizer(policy).Advise(after);
                Assert.Equal((null, null), (again.Change.Vcpus, again.Change.MemoryMiB));
            }
        }
    }

    [Fact]
    public void A_vm_that_waits_gets_precedence_and_a_short_history_no_advice()
    {
        VmUsage vm = Vm(2, 100) with { Cpu = Flat(900), Wait = Flat(200) };
        SizeAdvice advice = new RightSizer(SizingPolicy.Performance).Advise(vm);
        Assert.Equal((SizeVerdict.TooSmall, 2048L), (advice.Verdict, advice.Change.CpuShares));
        Assert.Null(new RightSizer(SizingPolicy.Demand).Advise(vm).Change.CpuShares);
        Assert.Equal(0, new RightSizer(SizingPolicy.Performance).Advise(vm with { Now = vm.Now with { CpuQuota = 50 } }).Change.CpuQuota);
        Assert.Equal(SizeVerdict.Unknown, new RightSizer(SizingPolicy.Demand, 41).Advise(vm).Verdict);
    }

    [Fact]
    public void A_short_history_of_memory_gives_no_advice_on_memory()
    {
        VmUsage vm = Vm(2, 0) with { Cpu = Flat(900), Used = [.. Flat(20).Take(11)] };
        Assert.Null(new RightSizer(SizingPolicy.Demand).Advise(vm).Change.MemoryMiB);
        Assert.NotNull(new RightSizer(SizingPolicy.Demand).Advise(vm with { Used = Flat(20) }).Change.MemoryMiB);
    }

    [Fact]
    public void What_latency_asks_for_has_its_reasons()
    {
        VmUsage vm = Vm(2, 100) with { Cpu = Flat(900), Now = new VmSize { Vcpus = 2, MemoryMiB = 256, CpuShares = 1024, CpuQuota = 0, BlockWeight = 500 } };
        SizeAdvice advice = new RightSizer(SizingPolicy.Latency).Advise(vm);
        Assert.Equal((4096L, 800L), (advice.Change.CpuShares, advice.Change.BlockWeight));
        Assert.Contains(advice.Reasons, r => r.Contains("1024 CPU shares", StringComparison.Ordinal));
        Assert.Contains(advice.Reasons, r => r.Contains("disk weight 500", StringComparison.Ordinal));
    }

    [Fact]
    public void Percentiles_are_those_of_the_nearest_rank()
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(i => (double)i), double.NaN];
        Assert.Equal([1, 50, 95, 99, 100], new[] { 1.0, 50, 95, 99, 100 }.Select(p => RightSizer.Percentile(values, p)));
        Assert.Equal(7, RightSizer.Percentile([7], 1));
        Assert.Equal(double.NaN, RightSizer.Percentile([double.NaN], 50));
    }

    private static VmUsage Vm(int vcpus, int used) =>
        new("v", new VmSize { Vcpus = vcpus, MemoryMiB = 256, CpuShares = 1024, CpuQuota = 0 }, 16, 256) { Used = Flat(used + 84) };

    private static double[] Flat(double value) => [.. Enumerable.Repeat(value, 40)];

    private static double[] Noise(Random random, double most) =>
        [.. Enumerable.Range(0, 40).Select(_ => random.Next(6) == 0 ? double.NaN : Math.Floor(random.NextDouble() * most))];
}
