namespace VirtOpt.Forecasting;

/// <summary>Makes what may stand for the quantiles of a series: <see cref="Experts.Count"/> candidates for each quantile.</summary>
internal interface ICandidates
{
    /// <summary>The grid of the series.</summary>
    TimeGrid Grid { get; }

    /// <summary>Number of simple forecasts that stand behind the candidates of each lead, for the median; 0 if there are none.</summary>
    int Singles => 0;

    /// <summary>Numbers of each lead: candidates, and the simple forecasts.</summary>
    int Width => Experts.Width + Singles;

    /// <summary>Writes the candidates.</summary>
    /// <param name="series">The series; it has a sample before the origin.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="leads">How many slots ahead targets lie.</param>
    /// <param name="candidates">Receives for each lead <see cref="Width"/> numbers, quantile by quantile, then the simple forecasts.</param>
    /// <returns>The series' unit of change.</returns>
    float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates);

    /// <summary>Writes the candidates of several origins; those of targets after the end of the series are left as they are.</summary>
    /// <param name="series">The series; it has a sample before each origin.</param>
    /// <param name="origins">Numbers of known slots.</param>
    /// <param name="leads">How many slots ahead targets lie, rising.</param>
    /// <param name="candidates">Receives for each origin and lead <see cref="Width"/> numbers.</param>
    /// <param name="scales">Receives for each origin the series' unit of change.</param>
    void FillAll(DemandSeries series, ReadOnlySpan<int> origins, ReadOnlySpan<int> leads, Span<float> candidates, Span<float> scales)
    {
        int width = leads.Length * Width;
        for (int o = 0; o < origins.Length; o++)
        {
            int within = 0;
            while (within < leads.Length && leads[within] <= series.Length - origins[o]) within++;
            scales[o] = Fill(series, origins[o], leads[..within], candidates.Slice(o * width, within * Width));
        }
    }
}
