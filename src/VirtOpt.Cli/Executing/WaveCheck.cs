using System.Globalization;

namespace VirtOpt.Cli.Executing;

/// <summary>
/// Compares what is measured between two waves with what the readings before the run promised: VMs take along what they used and waited for, and the memory
/// that they have. Worse is a host whose VMs use, or wait for, more CPU than they did before they came together, a host with less memory free than it should
/// have, and a VM that no host has any more, that stands still, or whose agent is silent and answered before.
/// </summary>
/// <param name="before">The hosts as they were read before the run.</param>
/// <param name="tolerance">How much worse than promised a host may be, in per cent of its CPU and of its memory.</param>
internal sealed class WaveCheck(IReadOnlyList<HostReading> before, double tolerance)
{
    private const int MillicoresPerCpu = 1000;
    private readonly Dictionary<Guid, (VmReading Vm, string Host)> known = before.SelectMany(h => h.Vms.Select(vm => (vm, h.Name))).DistinctBy(v => v.vm.Uuid)
        .ToDictionary(v => v.vm.Uuid);

    /// <summary>What is not as promised, a sentence each.</summary>
    /// <param name="now">The hosts as they are read now.</param>
    public IReadOnlyList<string> Complaints(IReadOnlyList<HostReading> now) => [.. OfVms(now), .. now.SelectMany(OfHost)];

    private IEnumerable<string> OfVms(IReadOnlyList<HostReading> now)
    {
        Dictionary<Guid, VmReading> found = now.SelectMany(h => h.Vms).DistinctBy(vm => vm.Uuid).ToDictionary(vm => vm.Uuid);
        foreach ((VmReading vm, _) in known.Values.OrderBy(k => k.Vm.Name, StringComparer.Ordinal))
            if (!found.TryGetValue(vm.Uuid, out VmReading? here)) yield return $"{vm.Name} runs on no host any more";
            else if (here.IsPaused && !vm.IsPaused) yield return $"{vm.Name} stands still";
            else if (vm.AgentAnswers == true && here.AgentAnswers == false) yield return $"the agent in {vm.Name} does not answer any more";
    }

    private IEnumerable<string> OfHost(HostReading host)
    {
        (long cpu, long bearableCpu) = (host.Cpus * MillicoresPerCpu, (long)(host.Cpus * MillicoresPerCpu * tolerance / 100));
        VmReading[] then = [.. host.Vms.Select(Then)];
        (long used, long promised) = (host.Vms.Sum(v => v.CpuMillicores), then.Sum(v => v.CpuMillicores));
        if (used - promised > bearableCpu) yield return Text($"VMs on {host.Name} use {used} of {cpu} millicore, {promised} were promised");
        (long waited, long waitedThen) = (host.Vms.Sum(v => v.WaitMillicores), then.Sum(v => v.WaitMillicores));
        if (waited - waitedThen > bearableCpu) yield return Text($"VMs on {host.Name} wait for {waited} millicore, for {waitedThen} before");
        if (before.FirstOrDefault(h => h.Name == host.Name) is not { } hostThen) yield break;
        long free = hostThen.FreeMemoryMiB + Left(host).Sum(v => v.BalloonMiB) - Come(host).Sum(v => v.BalloonMiB);
        if (free - host.FreeMemoryMiB > host.MemoryMiB * tolerance / 100)
            yield return Text($"{host.Name} has {host.FreeMemoryMiB} MiB of memory free, {Math.Max(0, free)} were promised");
    }

    /// <summary>The VM as it was before; one that nobody knew was promised as it is.</summary>
    private VmReading Then(VmReading vm) => known.TryGetValue(vm.Uuid, out (VmReading Vm, string Host) then) ? then.Vm : vm;

    private IEnumerable<VmReading> Come(HostReading host) =>
        host.Vms.Where(v => !known.TryGetValue(v.Uuid, out (VmReading Vm, string Host) then) || then.Host != host.Name);

    private IEnumerable<VmReading> Left(HostReading host) =>
        known.Values.Where(k => k.Host == host.Name && host.Vms.All(v => v.Uuid != k.Vm.Uuid)).Select(k => k.Vm);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
