namespace VirtOpt.Forecasting;

/// <summary>Quantiles of the demand of one VM in one dimension, slot by slot.</summary>
public sealed class SeriesForecast
{
    private readonly float[] values;

    /// <summary>Makes a forecast of one series.</summary>
    /// <param name="series">What was forecast.</param>
    /// <param name="method">Name of the method that made it.</param>
    /// <param name="values">Slot by slot the quantiles of <see cref="QuantileLevels.All"/>.</param>
    public SeriesForecast(DemandSeries series, string method, IReadOnlyList<float> values)
    {
        (Vm, Dimension, Method) = (series.Vm, series.Dimension, method);
        this.values = [.. values];
    }

    /// <summary>Name of the VM.</summary>
    public string Vm { get; }

    /// <summary>The dimension, with its unit.</summary>
    public Dimension Dimension { get; }

    /// <summary>Name of the method.</summary>
    public string Method { get; }

    /// <summary>Number of slots.</summary>
    public int Slots => values.Length / QuantileLevels.Count;

    /// <summary>A quantile in a slot, in the dimension's unit.</summary>
    /// <param name="slot">Slot of the horizon, from 0 on.</param>
    /// <param name="quantile">Position in <see cref="QuantileLevels.All"/>.</param>
    public float this[int slot, int quantile] => values[(slot * QuantileLevels.Count) + quantile];
}

/// <summary>
/// What VMs will use: for each VM, dimension and slot of a horizon the quantiles P50, P90, P95 and P99. A quantile holds for one slot of one VM; sums over
/// VMs need <see cref="JointScenarios"/>, as quantiles do not add up. Immutable.
/// </summary>
public sealed class QuantileForecast
{
    private readonly Dictionary<(string Vm, string Dimension), SeriesForecast> byKey;

    /// <summary>Makes a forecast.</summary>
    /// <param name="origin">Time from which on it holds.</param>
    /// <param name="slotLength">Length of a slot.</param>
    /// <param name="training">The slots of the history that the forecaster learnt from.</param>
    /// <param name="series">The forecasts of the series, all with the same number of slots.</param>
    public QuantileForecast(DateTimeOffset origin, TimeSpan slotLength, SlotRange training, IReadOnlyList<SeriesForecast> series)
    {
        (Origin, SlotLength, Training, Series) = (origin, slotLength, training, series);
        byKey = series.ToDictionary(s => (s.Vm, s.Dimension.Name));
    }

    /// <summary>Time from which on the forecast holds: the begin of its slot 0.</summary>
    public DateTimeOffset Origin { get; }

    /// <summary>Length of a slot.</summary>
    public TimeSpan SlotLength { get; }

    /// <summary>The slots of the history that the forecaster learnt from.</summary>
    public SlotRange Training { get; }

    /// <summary>The forecasts, in the order of the history.</summary>
    public IReadOnlyList<SeriesForecast> Series { get; }

    /// <summary>The forecast of a VM in a dimension, or null.</summary>
    public SeriesForecast? Find(string vm, string dimension) => byKey.GetValueOrDefault((vm, dimension));
}
