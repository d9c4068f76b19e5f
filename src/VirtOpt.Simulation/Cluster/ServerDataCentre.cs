namespace VirtOpt.Simulation;

/// <summary>
/// The data centre for traces that tell the sizes of their VMs but not their hosts: as many hosts as VMs, so that there is always room, all of one kind. A host
/// is an IBM System x3550 M3 with two Xeon X5675 (12 cores of 3,067 MHz; power by SPECpower_ssj2008), to which 192 GiB of memory and a network of 10 Gbit/s are
/// given; power is that of the published measurement. Where a VM is larger, a host is as many such servers as one as the largest VM takes. A MHz counts as a
/// MIPS. VMs have several cores, so a host serves a VM up to its whole speed.
/// </summary>
internal static class ServerDataCentre
{
    /// <summary>Speed of a core in MIPS.</summary>
    public const double CoreMips = 3067;

    private const int Cores = 12;
    private const int RamMiB = 192 * 1024;
    private const double MigrationMiBPerSecond = 10_000_000 / 16_000.0;

    private static readonly double[] Watts = [58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222];

    /// <summary>The data centre for VMs of these sizes.</summary>
    public static DataCentre For(IReadOnlyList<VmType> vms)
    {
        double speed = vms.Max(vm => vm.Mips) / (Cores * CoreMips);
        double memory = vms.Max(vm => vm.RamMiB) / (double)RamMiB;
        int servers = (int)Math.Max(1, Math.Ceiling(Math.Max(speed, memory)));
        string name = servers == 1 ? "x3550 M3" : $"{servers} x3550 M3 as one";
        HostType host = new(
            name,
            1,
            servers * Cores * CoreMips,
            (int)Math.Min(int.MaxValue, (long)servers * RamMiB),
            servers * MigrationMiBPerSecond,
            new PowerCurve([.. Watts.Select(w => w * servers)]));
        return new DataCentre([.. Enumerable.Repeat(host, vms.Count)], vms);
    }
}
