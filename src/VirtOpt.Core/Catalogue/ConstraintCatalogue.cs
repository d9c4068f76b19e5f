namespace VirtOpt;

/// <summary>All constraints that users can name, one line each: a new one is its record and a line here.</summary>
public static class ConstraintCatalogue
{
    /// <summary>The entries, in the order of the documentation.</summary>
    public static IReadOnlyList<CatalogueEntry<Constraint>> Entries { get; } =
    [
        Entry<Capacity>("capacity", "Hosts, NUMA nodes and GPUs hold what is on them, with reserve and overcommit.", _ => new()),
        Entry<HostAvailability>("host-availability", "Hosts in maintenance or off are emptied and receive nothing.", _ => new()),
        Entry<AntiAffinity>("anti-affinity", "At most a number of VMs of a group in one item of a scope.", e => new(e.Vms(2), e.Scope(), e.Number(1, 2))),
        Entry<Affinity>("affinity", "The VMs of a group share one item of a scope.", e => new(e.Vms(2), e.Scope())),
        Entry<Fence>("fence", "VMs of a group run on hosts of a host group only.", e => new(e.Vms(), e.Hosts())),
        Entry<Ban>("ban", "VMs of a group do not run on hosts of a host group.", e => new(e.Vms(), e.Hosts())),
        Entry<Spread>("spread", "The VMs of a group use at least a number of items of a scope.", e => new(e.Vms(2), Scope.Host, 2)),
        Entry<Dependency>(
            "dependency", "Where a VM of one group runs, a VM of another group runs in the same item of a scope.", e => new(e.Vms(), e.Vms(), e.Scope())),
        Entry<Pin>("pin", "The VMs of a group stay where they are.", e => new(e.Vms())),
        Entry<MigrationLimit>("migration-limit", "Migrations stay within a number, memory, cost or downtime, in all or per item of a scope.",
            e => new(e.Number(0, 4), e.Pick(["count", "cost", "downtime"]), e.Pick(["cluster", "host"]), e.Pick<VmGroup?>([null, e.Vms()]))),
        Entry<Failover>("failover", "Any number of items of a scope may fail and their VMs still fit on the rest.", _ => new()),
        Entry<HotAddReserve>("hot-add-reserve", "Room stays free for a number of further VMs of a shape.", e => new(e.Shape(), e.Number(1, 3))),
        Entry<GroupCapacity>("group-capacity", "The hosts of a group together hold at most an amount of a dimension, or a number of VMs.",
            e => new(e.Hosts(), e.Number(1, 12), e.Pick([GroupCapacity.Count, e.Dimension()]))),
        Entry<OverloadProbability>("overload-probability", "Hosts are over a threshold in at most a share of the slots of a forecast.",
            e => new(e.Forecast(), e.Pick([0, 350, 700]), e.Number(60, 100))),
    ];

    /// <summary>The entry with a name; null if there is none.</summary>
    public static CatalogueEntry<Constraint>? Named(string name) => Entries.FirstOrDefault(e => e.Name == name);

    /// <summary>The entry of a constraint.</summary>
    public static CatalogueEntry<Constraint> Of(Constraint constraint) => Entries.First(e => e.Type == constraint.GetType());

    private static CatalogueEntry<Constraint> Entry<T>(string name, string summary, Func<ExampleSource, T> example)
        where T : Constraint => new(name, typeof(T), summary, example);
}
