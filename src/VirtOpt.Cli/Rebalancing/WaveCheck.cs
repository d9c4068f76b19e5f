using System.Globalization;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>
/// Compares what is measured between two waves with what the snapshot promised: a host whose VMs use much more CPU than they did before they came together,
/// and a VM that no host has any more, end the run.
/// </summary>
/// <param name="before">The cluster as it was read, which the plan was made for.</param>
/// <param name="tolerance">How much more CPU a host may have in use than promised, in per cent of what VMs may use.</param>
internal sealed class WaveCheck(ClusterSnapshot before, double tolerance)
{
    private readonly int cpu = before.Dimensions.ToList().FindIndex(d => d.Name == "cpu");

    /// <summary>What is not as promised, a sentence each.</summary>
    /// <param name="now">The cluster as it is read now.</param>
    public IReadOnlyList<string> Complaints(ClusterSnapshot now)
    {
        List<string> complaints = [];
        foreach (VmId vm in before.AllVms.Members)
            if (!now.TryVmNamed(before[vm].Name, out _)) complaints.Add($"{before[vm].Name} runs on no host any more");
        for (int h = 0; h < now.Hosts.Count; h++)
        {
            VirtualMachine[] here = [.. now.Vms.Where(v => v.Start?.Host == new HostId(h))];
            long measured = here.Sum(v => v.Demand[cpu]);
            long promised = here.Sum(v => before.TryVmNamed(v.Name, out VmId then) ? before[then].Demand[cpu] : v.Demand[cpu]);
            long usable = now.Hosts[h].Usable(cpu);
            if (measured - promised > usable * tolerance / 100)
                complaints.Add(string.Create(
                    CultureInfo.InvariantCulture, $"VMs on {now.Hosts[h].Name} use {measured} of {usable} millicore, {promised} were promised"));
        }

        return complaints;
    }
}
