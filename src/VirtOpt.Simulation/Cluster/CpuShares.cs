namespace VirtOpt.Simulation;

/// <summary>
/// How a host divides its CPU. A VM gets what it asks for, at most a core. While it migrates its source delivers 90 % of that and its target is charged
/// 10 %. If the sum is above the host's speed, all get less in proportion, in whole MIPS.
/// </summary>
internal static class CpuShares
{
    /// <summary>Share of its demand that a VM gets at the source while it migrates.</summary>
    public const double AtSource = 0.9;

    /// <summary>Share of its demand that the target is charged meanwhile.</summary>
    public const double AtTarget = 0.1;

    /// <summary>Divides the CPU.</summary>
    /// <param name="type">The host.</param>
    /// <param name="vms">Its VMs.</param>
    /// <param name="incoming">Those of them that are on their way to it.</param>
    /// <param name="served">Gets the MIPS of each VM.</param>
    /// <returns>MIPS left.</returns>
    public static double Divide(HostType type, IReadOnlyList<SimulatedVm> vms, IReadOnlyList<SimulatedVm> incoming, Span<double> served)
    {
        double left = type.Mips;
        double sum = 0;
        bool overfull = false;
        for (int i = 0; i < vms.Count; i++)
        {
            double charge = Math.Min(vms[i].Demand, type.CoreMips) * (incoming.Contains(vms[i]) ? AtTarget : 1);
            served[i] = charge;
            sum += charge;
            overfull |= charge > left;
            left = overfull ? 0 : left - charge;
        }

        double scale = overfull ? type.Mips / sum : 1;
        for (int i = 0; i < vms.Count; i++)
        {
            bool isLeaving = vms[i].IsMigrating && !incoming.Contains(vms[i]);
            double share = served[i] * scale * (isLeaving ? AtSource : 1);
            served[i] = overfull ? Math.Floor(share) : share;
        }

        return left;
    }
}
