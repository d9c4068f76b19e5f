namespace VirtOpt.Forecasting;

/// <summary>
/// What VMs used over time, cleaned and on one regular grid: one series for each VM and dimension that was measured. VMs may begin late (their first
/// slots are gaps), end early and have gaps. Immutable.
/// </summary>
public sealed class DemandHistory
{
    private readonly Dictionary<(string Vm, string Dimension), DemandSeries> byKey = [];

    /// <summary>Makes a history.</summary>
    /// <param name="name">Name for reports.</param>
    /// <param name="grid">The grid of all series.</param>
    /// <param name="series">The series, each as long as the grid.</param>
    /// <exception cref="InvalidInputException">There is no series, one has another length, or two are of the same VM and dimension.</exception>
    public DemandHistory(string name, TimeGrid grid, IReadOnlyList<DemandSeries> series)
    {
        if (series.Count == 0) throw InvalidInputException.Because($"{name}: the history holds no VM.", "the folder, archive or file is empty.");
        if (grid.Step <= TimeSpan.Zero) throw new InvalidInputException($"{name}: the step of the grid ({grid.Step}) must be above 0.");
        foreach (DemandSeries one in series)
        {
            if (one.Length != grid.Slots)
                throw new InvalidInputException($"{name}: the series of VM ({one.Vm}) has {one.Length} slots; the grid has {grid.Slots}.");
            if (!byKey.TryAdd((one.Vm, one.Dimension.Name), one))
                throw InvalidInputException.Because(
                    $"{name}: there are two series of VM ({one.Vm}) in dimension ({one.Dimension.Name}).",
                        "a VM was cloned with its name, or a file is there twice.");
        }

        (Name, Grid, Series) = (name, grid, [.. series]);
    }

    /// <summary>Name for reports.</summary>
    public string Name { get; }

    /// <summary>The grid of all series.</summary>
    public TimeGrid Grid { get; }

    /// <summary>The series, in the order of their files.</summary>
    public IReadOnlyList<DemandSeries> Series { get; }

    /// <summary>The dimensions that were measured.</summary>
    public IReadOnlyList<Dimension> Dimensions => [.. Series.Select(s => s.Dimension).Distinct()];

    /// <summary>The series of a VM in a dimension, or null.</summary>
    public DemandSeries? Find(string vm, string dimension) => byKey.GetValueOrDefault((vm, dimension));

    /// <summary>The same history with fewer series.</summary>
    /// <exception cref="InvalidInputException">None is left.</exception>
    public DemandHistory Where(Func<DemandSeries, bool> keep) => new(Name, Grid, [.. Series.Where(keep)]);

    /// <summary>The same VMs, with no slot from <paramref name="slots"/> on.</summary>
    /// <exception cref="InvalidInputException">The number of slots is not within 1 .. those there are.</exception>
    public DemandHistory Until(int slots) => slots >= 1 && slots <= Grid.Slots
        ? new(Name, Grid with { Slots = slots }, [.. Series.Select(s => new DemandSeries(s.Vm, s.Dimension, s.Values[..slots].ToArray(), s.Capacity))])
        : throw new InvalidInputException($"{Name}: the history has {Grid.Slots} slots; the first {slots} were asked for.");
}
