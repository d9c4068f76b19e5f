namespace VirtOpt;

/// <summary>
/// Fits bandwidth, overhead and dirty rate of a <see cref="TransferModel"/> to executed migrations, so that a few strange ones do not spoil it. Duration is a
/// straight line in what was moved: its slope is the median of the slopes through all pairs of migrations (Theil, A rank-invariant method of linear and
/// polynomial regression analysis, 1950; Sen, Estimates of the regression coefficient based on Kendall's tau, 1968), its intercept the median of
/// what is left. The dirty rate is the one with the least sum of absolute errors in what was moved.
/// </summary>
public static class TransferCalibration
{
    /// <summary>Fewest migrations that a fit is made from.</summary>
    public const int Fewest = 5;

    private const int MostPairs = 400_000;
    private const int Rounds = 60;
    private const double SameSize = 1.25;
    private const double OutlierDeviations = 3;
    private const double MadToDeviation = 1.4826;
    private const double MiBPerMegabit = 1e6 / 8 / (1 << 20);

    /// <summary>Fits a model.</summary>
    /// <param name="history">The migrations.</param>
    /// <param name="prior">What is taken for granted: compression, rounds, downtime limit, working set, and what the history does not tell.</param>
    /// <exception cref="InvalidInputException">There are too few live migrations, or their durations do not grow with what they move.</exception>
    public static TransferFit Fit(IReadOnlyList<ExecutedMigration> history, TransferModel prior)
    {
        ExecutedMigration[] live = [.. history.Where(m => m.Mode != TransferMode.Cold)];
        if (live.Length < Fewest)
            throw InvalidInputException.Because(
                $"The history has {live.Length} live migrations of {history.Count}; a fit needs at least {Fewest}.", "the history of a longer time was meant.");
        (TransferModel model, bool hasOverhead, bool hasDirty) = FitOnce(live, prior);
        double[] ratios = [.. live.Select(m => Math.Log(Estimate(model, m).Seconds / m.Seconds))];
        double middle = Median(ratios);
        double deviation = Math.Max(0.01, MadToDeviation * Median([.. ratios.Select(r => Math.Abs(r - middle))]));
        return new TransferFit
        {
            Model = model,
            Used = live.Length,
            PassedOver = history.Count - live.Length,
            Outliers = ratios.Count(r => Math.Abs(r - middle) > OutlierDeviations * deviation),
            Before = Error(live.Select(m => (prior, m))),
            After = Error(live.Select(m => (model, m))),
            Unseen = live.Length >= 2 * Fewest ? Unseen(live, prior) : null,
            HasOverhead = hasOverhead,
            HasDirtyRate = hasDirty,
        };
    }

    private static FitError? Unseen(ExecutedMigration[] live, TransferModel prior)
    {
        List<(TransferModel, ExecutedMigration)> told = [];
        for (int fold = 0; fold < 5; fold++)
        {
            TransferModel model;
            try
            {
                model = FitOnce([.. live.Where((_, i) => i % 5 != fold)], prior).Model;
            }
            catch (InvalidInputException)
            {
                return null; // Too little is left of a history that is strange.
            }

            told.AddRange(live.Where((_, i) => i % 5 == fold).Select(m => (model, m)));
        }

        return Error(told);
    }

    /// <summary>What was moved is measured, or follows from the model, which depends on the bandwidth: then both are found in turn.</summary>
    private static (TransferModel Model, bool HasOverhead, bool HasDirtyRate) FitOnce(ExecutedMigration[] live, TransferModel prior)
    {
        (TransferModel model, bool hasOverhead, bool hasDirty) = (prior, false, false);
        for (int round = 0; round < Rounds; round++)
        {
            (TransferModel next, hasOverhead) = FitLine(live, model, prior);
            if (DirtyRate(live, next) is { } dirty) (next, hasDirty) = (next with { DirtyRate = dirty }, true);
            bool isSame = Math.Abs(next.Bandwidth - model.Bandwidth) < 1e-9 * model.Bandwidth && Math.Abs(next.Overhead - model.Overhead) < 1e-9;
            model = next;
            if (isSame) break;
        }

        return (model, hasOverhead, hasDirty);
    }

    private static (TransferModel Model, bool HasOverhead) FitLine(ExecutedMigration[] live, TransferModel model, TransferModel prior)
    {
        (double X, double Y)[] points = [.. live.Select(m => (OnWire(model, m), m.Seconds))];
        double[] sizes = [.. points.Select(p => p.X).Order()];
        bool differ = sizes[^(1 + (sizes.Length / 10))] > SameSize * sizes[sizes.Length / 10];
        double slope = differ ? Median(Slopes(points)) : 0;
        if (differ && slope <= 0)
            throw InvalidInputException.Because(
                "The durations of the history do not grow with what was moved, so no bandwidth follows from them.",
                "two columns are swapped, or the unit changes.");
        double overhead = differ ? Median([.. points.Select(p => p.Y - (slope * p.X))]) : prior.Overhead;
        bool hasOverhead = differ && overhead >= 0;
        if (!hasOverhead)
        {
            overhead = differ ? 0 : Math.Min(prior.Overhead, 0.9 * points.Min(p => p.Y));
            slope = Median([.. points.Select(p => (p.Y - overhead) / Math.Max(1e-9, p.X))]);
        }

        return (model with { Bandwidth = Math.Clamp(1 / slope / MiBPerMegabit, 0.001, 1e9), Overhead = overhead }, differ);
    }

    /// <summary>Slopes through pairs of points; of very many points, through those that lie a few steps apart.</summary>
    private static double[] Slopes((double X, double Y)[] points)
    {
        List<double> slopes = [];
        int step = Math.Max(1, points.Length * (points.Length - 1) / 2 / MostPairs);
        int pair = 0;
        for (int i = 0; i < points.Length; i++)
            for (int j = i + 1; j < points.Length; j++)
                if (pair++ % step == 0 && points[i].X != points[j].X) slopes.Add((points[j].Y - points[i].Y) / (points[j].X - points[i].X));
        return [.. slopes];
    }

    /// <summary>MiB that the wire carried: memory is smaller there by the compression, disks are not.</summary>
    private static double OnWire(TransferModel model, ExecutedMigration m)
    {
        double moved = m.MovedMiB ?? Estimate(model, m).MovedMiB;
        return m.DiskMiB + (Math.Max(0, moved - m.DiskMiB) / model.Compression);
    }

    /// <summary>The dirty rate that tells best what was moved; null if too few migrations say.</summary>
    private static double? DirtyRate(ExecutedMigration[] live, TransferModel model)
    {
        ExecutedMigration[] known = [.. live.Where(m => m is { MovedMiB: not null, Mode: TransferMode.PreCopy })];
        if (known.Length < Fewest) return null;
        double rate = model.Bandwidth * MiBPerMegabit * model.Compression;
        double Miss(double dirty) => known.Sum(m => Math.Abs(Estimate(model with { DirtyRate = dirty }, m).MovedMiB - m.MovedMiB!.Value));
        double best = 0;
        double span = 2 * rate;
        for (int pass = 0; pass < 4; pass++) // Each pass looks ten times closer.
        {
            double from = Math.Max(0, best - span);
            double to = pass == 0 ? span : best + span;
            best = Enumerable.Range(0, 41).Select(i => from + ((to - from) * i / 40)).Append(best).MinBy(Miss);
            span /= 10;
        }

        return best;
    }

    private static TransferEstimate Estimate(TransferModel model, ExecutedMigration m) =>
        model.Estimate(m.MemoryMiB, new VmTransfer { DiskMiB = m.DiskMiB }, m.Mode);

    private static FitError Error(IEnumerable<(TransferModel Model, ExecutedMigration Migration)> told)
    {
        double[] errors = [.. told.Select(t => Math.Abs((Estimate(t.Model, t.Migration).Seconds / t.Migration.Seconds) - 1)).Order()];
        return new FitError(Median(errors), errors[(int)Math.Min(errors.Length - 1, 0.9 * errors.Length)]);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
