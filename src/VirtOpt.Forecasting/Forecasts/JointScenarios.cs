namespace VirtOpt.Forecasting;

/// <summary>
/// Possible futures of several VMs together. Each takes the errors that the forecaster made from one past origin, kept whole across VMs and slots, and
/// adds them
/// to the median of today, scaled by today's spread (P90 less P50) over that of then, and so that they exceed P90 no less often than the forecast says: VMs that
/// peaked together then peak together here. Immutable.
/// </summary>
public sealed class JointScenarios
{
    private const float LeastRatio = 0.2f;
    private const float MostRatio = 5;
    private const float MostStretch = 3;
    private readonly float[] values;

    private JointScenarios(IReadOnlyList<DemandSeries> series, TimeSpan slotLength, int count, int slots) =>
        (Series, SlotLength, Count, Slots, values) = (series, slotLength, count, slots, new float[count * slots * series.Count]);

    /// <summary>The VMs and dimensions.</summary>
    public IReadOnlyList<DemandSeries> Series { get; }

    /// <summary>Length of a slot.</summary>
    public TimeSpan SlotLength { get; }

    /// <summary>Number of scenarios.</summary>
    public int Count { get; }

    /// <summary>Slots of the horizon.</summary>
    public int Slots { get; }

    /// <summary>Demand in a scenario and slot.</summary>
    public float this[int scenario, int slot, int series] => values[(((scenario * Slots) + slot) * Series.Count) + series];

    /// <summary>Samples scenarios.</summary>
    /// <param name="fitted">Forecaster, fitted before the origin.</param>
    /// <param name="series">The VMs and dimensions, of one history.</param>
    /// <param name="grid">The grid of that history.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="horizon">How far to look.</param>
    /// <param name="settings">How many past origins are used, and which.</param>
    /// <exception cref="InvalidInputException">The history is too short to hold one whole past horizon.</exception>
    public static JointScenarios Sample(
        IFittedForecaster fitted, IReadOnlyList<DemandSeries> series, TimeGrid grid, int origin, Horizon horizon, ScenarioSettings settings)
    {
        int[] leads = [.. horizon.LeadsOn(grid)];
        IReadOnlyList<int> past = settings.Origins(origin, leads[^1]);
        JointScenarios scenarios = new(series, horizon.SlotLength, past.Count, leads.Length);
        Parallel.For(0, series.Count, s => scenarios.Draw(fitted, s, origin, past, leads));
        return scenarios;
    }

    /// <summary>A quantile of the sum over series in a slot: the smallest sum that at least this share of scenarios stays within.</summary>
    /// <param name="members">Positions of the series, for example the VMs of a host.</param>
    /// <param name="slot">Slot of the horizon.</param>
    /// <param name="quantile">Share of scenarios, within 0 .. 1.</param>
    public double QuantileOfSum(IReadOnlyList<int> members, int slot, double quantile)
    {
        double[] sums = new double[Count];
        for (int k = 0; k < Count; k++)
            foreach (int member in members)
                sums[k] += this[k, slot, member];
        Array.Sort(sums);
        return Quantiles.OfSorted(sums, quantile);
    }

    private void Draw(IFittedForecaster fitted, int s, int origin, IReadOnlyList<int> past, int[] leads)
    {
        DemandSeries one = Series[s];
        int width = QuantileLevels.Count;
        float[] now = new float[leads.Length * width];
        float[] then = new float[leads.Length * width];
        fitted.Forecast(one, origin, leads, now);
        float[] errors = new float[past.Count * leads.Length];
        List<float> inSpreads = [];
        for (int k = 0; k < past.Count; k++)
        {
            fitted.Forecast(one, past[k], leads, then);
            for (int slot = 0; slot < leads.Length; slot++)
            {
                (float median, float spread) = SpreadOf(then, slot * width);
                float error = one.Filled[past[k] - 1 + leads[slot]] - median;
                if (spread > 0 && !float.IsNaN(error)) inSpreads.Add(error / spread);
                float ratio = spread > 0 ? Math.Clamp(SpreadOf(now, slot * width).Spread / spread, LeastRatio, MostRatio) : 1;
                errors[(k * leads.Length) + slot] = float.IsNaN(error) ? 0 : error * ratio;
            }
        }

        float stretch = StretchOf(inSpreads);
        for (int i = 0; i < errors.Length; i++)
        {
            int at = i % leads.Length * width;
            double value = Math.Max(0, now[at] + errors[i]);
            if (errors[i] > 0) value = Math.Max(value, Math.Min(now[at] + (errors[i] * stretch), now[at + width - 1]));
            values[(i * Series.Count) + s] = (float)Math.Min(value, one.Capacity ?? double.MaxValue);
        }
    }

    private static (float Median, float Spread) SpreadOf(float[] quantiles, int at) => (quantiles[at], quantiles[at + 1] - quantiles[at]);

    /// <summary>
    /// By how much errors above the median are stretched so that a tenth of all errors exceeds P90, as the forecast says: where the forecaster learnt from
    /// the days of the scenarios, its errors there are smaller than those to come. No error is stretched beyond P99.
    /// </summary>
    private static float StretchOf(List<float> inSpreads)
    {
        if (inSpreads.Count == 0) return 1;
        double[] sorted = [.. inSpreads.Select(e => (double)e).Order()];
        double p90 = Quantiles.OfSorted(sorted, 0.9);
        return p90 > 0 ? (float)Math.Clamp(1 / p90, 1, MostStretch) : 1;
    }
}

/// <summary>Which past origins scenarios are sampled from.</summary>
/// <param name="Count">Most scenarios, at least 1.</param>
/// <param name="Stride">Slots between past origins that may be chosen, at least 1; a day keeps the time of day.</param>
/// <param name="Seed">Seed of the choice where there are more origins than wanted.</param>
public sealed record ScenarioSettings(int Count, int Stride, int Seed)
{
    /// <summary>Slots before which no origin is taken: the forecaster needs some history.</summary>
    public int Warmup { get; init; } = 12;

    /// <summary>
    /// Settings for as many scenarios as wanted: from origins at the same time of day as far as the history has enough days, else from origins at equal
    /// distances.
    /// </summary>
    /// <param name="grid">The grid of the history.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="reach">Slots to the end of the horizon.</param>
    /// <param name="count">Scenarios wanted, at least 1.</param>
    /// <param name="seed">Seed of the choice.</param>
    public static ScenarioSettings For(TimeGrid grid, int origin, int reach, int count, int seed)
    {
        ScenarioSettings daily = new(count, grid.Day, seed);
        int room = origin - reach - daily.Warmup;
        return room / grid.Day >= count ? daily : daily with { Stride = Math.Max(1, room / count) };
    }

    internal IReadOnlyList<int> Origins(int origin, int reach)
    {
        List<int> all = [];
        for (int past = origin - (Math.Max(1, (reach + Stride - 1) / Stride) * Stride); past >= Warmup; past -= Stride) all.Add(past);
        if (all.Count == 0)
            throw InvalidInputException.Because(
                $"The history of {origin} slots holds no past window of {reach} slots to sample scenarios from.", "a shorter horizon was meant.");
        if (all.Count <= Count) return all;
        int[] chosen = [.. all];
        new Random(Seed).Shuffle(chosen);
        return [.. chosen.Take(Count).OrderDescending()];
    }
}
