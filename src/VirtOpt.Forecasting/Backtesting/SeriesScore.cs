namespace VirtOpt.Forecasting;

/// <summary>How one forecaster did on one series at one lead. Sums over targets; amounts in the dimension's unit.</summary>
public sealed class SeriesScore
{
    private readonly List<float> actuals = [];
    private readonly List<float> medians = [];
    private readonly List<float> highs = [];

    /// <summary>Makes an empty score.</summary>
    /// <param name="series">The series.</param>
    /// <param name="lead">Slots ahead.</param>
    /// <param name="forecaster">Name of the forecaster.</param>
    /// <param name="scale">Mean one-day change in training, the denominator of MASE; 0 if there is none.</param>
    /// <param name="vmClass">Class of the series.</param>
    public SeriesScore(DemandSeries series, int lead, string forecaster, double scale, VmClass vmClass) =>
        (Series, Lead, Forecaster, Scale, VmClass) = (series, lead, forecaster, scale, vmClass);

    /// <summary>The series.</summary>
    public DemandSeries Series { get; }

    /// <summary>Slots ahead.</summary>
    public int Lead { get; }

    /// <summary>Name of the forecaster.</summary>
    public string Forecaster { get; }

    /// <summary>Mean one-day change in training.</summary>
    public double Scale { get; }

    /// <summary>Class of the series.</summary>
    public VmClass VmClass { get; }

    /// <summary>Number of targets.</summary>
    public int Targets => actuals.Count;

    /// <summary>Sum of absolute errors of P50.</summary>
    public double AbsoluteError { get; private set; }

    /// <summary>Sum of demand.</summary>
    public double Demand { get; private set; }

    /// <summary>Sum of P50.</summary>
    public double Forecast { get; private set; }

    /// <summary>Sum of P95.</summary>
    public double HighForecast { get; private set; }

    /// <summary>By quantile the sum of the pinball loss.</summary>
    public double[] Pinball { get; } = new double[QuantileLevels.Count];

    /// <summary>By quantile the number of targets at or below it.</summary>
    public int[] Covered { get; } = new int[QuantileLevels.Count];

    /// <summary>Mean absolute scaled error: that of P50 by the mean one-day change in training. Hyndman and Koehler 2006.</summary>
    public double Mase => AbsoluteError / Targets / Scale;

    internal ReadOnlySpan<float> Actuals => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(actuals);

    internal ReadOnlySpan<float> Medians => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(medians);

    internal ReadOnlySpan<float> Highs => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(highs);

    /// <summary>Counts a target.</summary>
    /// <param name="actual">What was used.</param>
    /// <param name="quantiles">What was forecast.</param>
    public void Add(float actual, ReadOnlySpan<float> quantiles)
    {
        actuals.Add(actual);
        medians.Add(quantiles[0]);
        highs.Add(quantiles[High]);
        AbsoluteError += Math.Abs(actual - quantiles[0]);
        Demand += actual;
        Forecast += quantiles[0];
        HighForecast += quantiles[High];
        for (int q = 0; q < Pinball.Length; q++)
        {
            double over = actual - quantiles[q];
            Pinball[q] += over > 0 ? QuantileLevels.All[q] * over : (QuantileLevels.All[q] - 1) * over;
            if (over <= 0) Covered[q]++;
        }
    }

    private static readonly int High = QuantileLevels.IndexOf(0.95);
}
