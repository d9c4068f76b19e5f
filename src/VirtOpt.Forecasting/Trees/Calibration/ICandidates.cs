namespace VirtOpt.Forecasting;

/// <summary>Makes what may stand for the quantiles of a series: <see cref="Experts.Count"/> candidates for each quantile.</summary>
internal interface ICandidates
{
    /// <summary>The grid of the series.</summary>
    TimeGrid Grid { get; }

    /// <summary>Number of simple forecasts that stand behind the candidates of each lead, for the median; 0 if there are none.</summary>
    int Singles => 0;

    /// <summary>Writes the candidates.</summary>
    /// <param name="series">The series; it has a sample before the origin.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="leads">How many slots ahead targets lie.</param>
    /// <param name="candidates">Receives for each lead <see cref="Experts.Width"/> numbers, quantile by quantile, and the simple forecasts.</param>
    /// <returns>The series' unit of change.</returns>
    float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates);
}
