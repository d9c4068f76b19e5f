namespace VirtOpt;

/// <summary>How well a <see cref="TransferModel"/> tells the durations of executed migrations: relative errors, |estimate / measured - 1|.</summary>
/// <param name="Median">Half of the migrations are told better.</param>
/// <param name="Ninetieth">Nine of ten are told better.</param>
public readonly record struct FitError(double Median, double Ninetieth);

/// <summary>A transfer model that was fitted to executed migrations.</summary>
public sealed record TransferFit
{
    /// <summary>The model: what the history tells is taken from it, all else is as it was before.</summary>
    public required TransferModel Model { get; init; }

    /// <summary>Migrations that the fit is about.</summary>
    public required int Used { get; init; }

    /// <summary>Migrations that it is not about: cold ones.</summary>
    public required int PassedOver { get; init; }

    /// <summary>Migrations that took unusually long or short, by more than three robust standard deviations; they hardly count in the fit.</summary>
    public required int Outliers { get; init; }

    /// <summary>Error of the model before the fit.</summary>
    public required FitError Before { get; init; }

    /// <summary>Error of the fitted model on the same migrations.</summary>
    public required FitError After { get; init; }

    /// <summary>
    /// Error on migrations that the fit had not seen: each fifth is told by a fit to the other four. Null where there are fewer than twice
    /// <see cref="TransferCalibration.Fewest"/>.
    /// </summary>
    public FitError? Unseen { get; init; }

    /// <summary>True if the overhead was fitted too; false if all migrations moved about as much, so that it cannot be told from the bandwidth.</summary>
    public required bool HasOverhead { get; init; }

    /// <summary>True if the dirty rate was fitted too: it needs migrations by pre-copy of which is known what they moved.</summary>
    public required bool HasDirtyRate { get; init; }
}
