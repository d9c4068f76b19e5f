namespace VirtOpt.Solver.Online;

/// <summary>A constraint or objective whose groups and forecasts follow VMs that come and go.</summary>
/// <typeparam name="T"><see cref="Constraint"/> or <see cref="Objective"/>.</typeparam>
internal sealed class RunningRule<T>
    where T : class
{
    private readonly CatalogueEntry<T> entry;
    private readonly object?[] values;

    /// <param name="origin">The rule as the problem has it.</param>
    /// <param name="entry">Its entry in the catalogue.</param>
    /// <param name="clusterGroups">The groups of the cluster, which a list of groups that is left out stands for.</param>
    /// <param name="crewOf">The crew of a group.</param>
    public RunningRule(T origin, CatalogueEntry<T> entry, IReadOnlyList<VmGroup> clusterGroups, Func<VmGroup, Crew> crewOf)
    {
        (Origin, this.entry) = (origin, entry);
        values = [.. entry.ValuesOf(origin).Select((value, i) =>
            value is null && entry.Parameters[i].Type == typeof(IReadOnlyList<VmGroup>) ? clusterGroups : value)];
        Crews = [.. values.SelectMany(value => value switch { VmGroup one => [one], IReadOnlyList<VmGroup> several => several, _ => [] }).Select(crewOf)];
        Forecasts = [.. values.OfType<DemandForecast>()];
    }

    /// <summary>The rule as the problem has it.</summary>
    public T Origin { get; }

    /// <summary>The groups that it speaks of; none for a rule about all VMs.</summary>
    public Crew[] Crews { get; }

    /// <summary>The forecasts that it reads.</summary>
    public IReadOnlyList<DemandForecast> Forecasts { get; }

    /// <summary>True if VMs of its groups count where they are, even if they do not move.</summary>
    public bool CountsBystanders { get; set; }

    /// <summary>What it amounts to now; kept only for soft rules that count bystanders.</summary>
    public long Amount { get; set; }

    /// <summary>The same rule about the VMs there are.</summary>
    /// <param name="groupOf">The group of a crew.</param>
    /// <param name="forecastOf">The forecast for the VMs there are.</param>
    public T About(Func<Crew, VmGroup> groupOf, Func<DemandForecast, DemandForecast> forecastOf)
    {
        if (Crews.Length == 0 && Forecasts.Count == 0) return Origin;
        int next = 0;
        return entry.Create([.. values.Select(value => value switch
        {
            VmGroup => groupOf(Crews[next++]),
            IReadOnlyList<VmGroup> several => (VmGroup[])[.. several.Select(_ => groupOf(Crews[next++]))],
            DemandForecast forecast => forecastOf(forecast),
            _ => value,
        })]);
    }
}
