namespace VirtOpt.Forecasting;

/// <summary>Trees for one dimension: for each band of leads one ensemble a quantile.</summary>
/// <param name="Dimension">Name of the dimension.</param>
/// <param name="Floor">Least scale of a series, in the dimension's unit.</param>
/// <param name="Ensembles">Band by band the quantiles of <see cref="QuantileLevels.All"/>.</param>
internal sealed record DimensionTrees(string Dimension, float Floor, TreeEnsemble[] Ensembles);

/// <summary>Trees that forecast quantiles for any VM, by dimension. Immutable.</summary>
public sealed class TreeModel
{
    private readonly Dictionary<string, DimensionTrees> byDimension;

    internal TreeModel(TimeSpan step, IReadOnlyList<DimensionTrees> trees)
    {
        Step = step;
        byDimension = trees.ToDictionary(t => t.Dimension);
    }

    /// <summary>The step of the histories that it was trained on.</summary>
    public TimeSpan Step { get; }

    /// <summary>Names of the dimensions that it was trained on.</summary>
    public IReadOnlyCollection<string> Dimensions => byDimension.Keys;

    /// <summary>Trees of the largest ensemble above the median; near medians have more.</summary>
    public int TreesPerQuantile => byDimension.Values.SelectMany(d => d.Ensembles.Where((_, i) => i % QuantileLevels.Count > 0)).Max(e => e.Roots.Length);

    /// <summary>Refuses a history that the model is not for.</summary>
    /// <param name="name">Name of the model, for the message.</param>
    /// <param name="history">The history.</param>
    /// <exception cref="InvalidInputException">Its step or a dimension is another one.</exception>
    public void CheckFits(string name, DemandHistory history)
    {
        if (Step != history.Grid.Step)
            throw InvalidInputException.Because(
                $"{name}: the model is for steps of {Step}; the history has {history.Grid.Step}.",
                    "it was trained on another kind of history: train a new one.");
        foreach (Dimension dimension in history.Dimensions)
            if (!byDimension.ContainsKey(dimension.Name))
                throw InvalidInputException.Because(
                    $"{name}: the model has no trees for dimension ({dimension.Name}); it has {string.Join(", ", byDimension.Keys)}.",
                    "it was trained on another kind of history: train a new one, or forecast one dimension (--dimension).");
    }

    internal IEnumerable<DimensionTrees> Trees => byDimension.Values;

    /// <summary>Trains on the first slots of a history.</summary>
    /// <param name="history">The history.</param>
    /// <param name="origin">Slots that may be learnt from.</param>
    /// <param name="settings">How trees are grown.</param>
    /// <param name="earlier">A model that the new trees correct and are added to; null to begin anew.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidInputException">No VM has a history of some hours, or the earlier model has another step or other dimensions.</exception>
    public static TreeModel Train(
        DemandHistory history, int origin, TreeSettings settings, TreeModel? earlier = null, CancellationToken cancellation = default)
    {
        earlier?.CheckFits("earlier model", history);
        return new(history.Grid.Step, [.. history.Dimensions.Select(d => TrainOne(history, d, origin, settings, earlier?.For(d.Name), cancellation))]);
    }

    internal DimensionTrees For(string dimension) => byDimension.GetValueOrDefault(dimension) ?? throw InvalidInputException.Because(
        $"The model has no trees for dimension ({dimension}); it has {string.Join(", ", byDimension.Keys)}.",
            "it was trained on another kind of history: train a new one.");

    private static DimensionTrees TrainOne(
        DemandHistory history, Dimension dimension, int origin, TreeSettings settings, DimensionTrees? earlier, CancellationToken cancellation)
    {
        DemandSeries[] series = [.. history.Series.Where(s => s.Dimension.Name == dimension.Name)];
        float floor = earlier?.Floor ?? TrainingRows.FloorOf(series, origin);
        Rows[] rows = TrainingRows.Draw(series, history.Grid, origin, new FeatureBuilder(history.Grid, floor), settings, cancellation);
        TreeEnsemble[] OfBand(int band) => QuantileTrainer.Train(
            rows[band].Flat(),
            rows[band].Labels,
            rows[band].Weights,
            settings.For(band),
            earlier is null ? [] : earlier.Ensembles[(band * QuantileLevels.Count)..((band + 1) * QuantileLevels.Count)],
            cancellation);
        // Each band on one thread of its own: LightGBM's threads wait for each other actively, which costs much where other work is beside them.
        TreeEnsemble[][] bands = new TreeEnsemble[Bands.Count][];
        ParallelOptions parallel = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads };
        Parallel.For(0, Bands.Count, parallel, band => bands[band] = OfBand(band));
        return new DimensionTrees(dimension.Name, floor, [.. bands.SelectMany(b => b)]);
    }
}
