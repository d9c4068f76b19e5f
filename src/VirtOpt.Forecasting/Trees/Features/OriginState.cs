namespace VirtOpt.Forecasting;

/// <summary>What is known of a series at an origin, whatever the lead: windows in order, scale, and the features that no lead changes.</summary>
internal sealed class OriginState
{
    /// <summary>Values of the last quarter of a day, day and week, each in order.</summary>
    public required float[][] Sorted { get; init; }

    /// <summary>Above this a sample is a lone outlier.</summary>
    public required float Limit { get; init; }

    /// <summary>How much the series changes from day to day, in its unit, above 0: the unit of all features and targets.</summary>
    public required float Scale { get; init; }

    /// <summary>How the simple forecasts did.</summary>
    public required NaiveTrack Track { get; init; }

    /// <summary>Levels in the series' unit; features are their distances from the reference in units of the scale.</summary>
    public required float[] Levels { get; init; }

    /// <summary>Numbers that are features as they are.</summary>
    public required float[] Traits { get; init; }
}
