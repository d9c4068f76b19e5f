namespace VirtOpt.Simulation;

/// <summary>
/// The data centre of the consolidation experiment of Beloglazov and Buyya (2012, doi:10.1002/cpe.1867): 800 hosts of two kinds in turn, and VMs of four
/// sizes, the first quarter of the VMs of the largest.
/// </summary>
public static class PlanetLabDataCentre
{
    private const int Hosts = 800;
    private const double MigrationMiBPerSecond = 1_000_000 / 16_000.0;

    /// <summary>HP ProLiant ML110 G4, Xeon 3040; power by SPECpower_ssj2008.</summary>
    public static HostType G4 { get; } = new("ProLiant ML110 G4", 2, 1860, 4096, MigrationMiBPerSecond,
        new PowerCurve(86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117));

    /// <summary>HP ProLiant ML110 G5, Xeon 3075; power by SPECpower_ssj2008.</summary>
    public static HostType G5 { get; } = new("ProLiant ML110 G5", 2, 2660, 4096, MigrationMiBPerSecond,
        new PowerCurve(93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135));

    /// <summary>The sizes of VMs.</summary>
    public static IReadOnlyList<VmType> Sizes { get; } =
        [new("high-CPU medium", 2500, 870), new("extra large", 2000, 1740), new("small", 1000, 1740), new("micro", 500, 613)];

    /// <summary>The data centre for a trace.</summary>
    /// <param name="trace">The trace; its VMs get their sizes in its order.</param>
    public static DataCentre For(DemandTrace trace)
    {
        int quarter = (trace.Series.Count + Sizes.Count - 1) / Sizes.Count;
        return new DataCentre(
            [.. Enumerable.Range(0, Hosts).Select(i => i % 2 == 0 ? G4 : G5)],
            [.. trace.Series.Select((_, i) => Sizes[i / quarter])]);
    }
}
