namespace VirtOpt.Forecasting;

/// <summary>Tests forecasters on the past: the test part of a history is never seen in training, and no forecast sees a sample from its origin on.</summary>
public static class Backtest
{
    /// <summary>Runs a back-test. Gaps are not scored, nor series without a sample before the test part.</summary>
    /// <param name="history">The history.</param>
    /// <param name="forecasters">The forecasters.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="progress">Told the name of each forecaster before it is fitted.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidInputException">The training part leaves no slot to test on.</exception>
    public static IReadOnlyList<SeriesScore> Run(
        DemandHistory history,
        IReadOnlyList<IDemandForecaster> forecasters,
        BacktestSettings settings,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default) => Run(history, history, forecasters, settings, progress, cancellation);

    /// <summary>Runs a back-test on series other than those that are learnt from, such as sums over them.</summary>
    /// <param name="history">What forecasters are fitted on: its first slots.</param>
    /// <param name="tested">What they forecast, on the same grid.</param>
    /// <param name="forecasters">The forecasters.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="progress">Told the name of each forecaster before it is fitted.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidInputException">The training part leaves no slot to test on.</exception>
    public static IReadOnlyList<SeriesScore> Run(
        DemandHistory history,
        DemandHistory tested,
        IReadOnlyList<IDemandForecaster> forecasters,
        BacktestSettings settings,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        if (settings.TrainSlots < 2 || settings.TrainSlots >= history.Grid.Slots)
            throw InvalidInputException.Because(
                $"{history.Name}: {settings.TrainSlots} of {history.Grid.Slots} slots are to be learnt from; some of both kinds are needed.",
                "the history is shorter than the training part: name a smaller one.");
        DemandSeries[] series = [.. tested.Series.Where(s => s.First < settings.TrainSlots)];
        double[] scales = [.. series.Select(s => DayChange(s, history.Grid, settings.TrainSlots))];
        VmClass[] classes =
        [
            .. series.Select((s, i) => VmClasses.Of(s, history.Grid, settings.TrainSlots, scales[i], BacktestSettings.ScaleFloor(s.Dimension))),
        ];
        List<SeriesScore> scores = [];
        foreach (IDemandForecaster forecaster in forecasters)
        {
            progress?.Report(forecaster.Name);
            IFittedForecaster fitted = forecaster.Fit(history, settings.TrainSlots, cancellation);
            foreach (int lead in settings.Leads)
            {
                SeriesScore[] part = [.. series.Select((s, i) => new SeriesScore(s, lead, forecaster.Name, scales[i], classes[i]))];
                Parallel.ForEach(part, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads }, s => Score(s,
                    fitted, settings));
                scores.AddRange(part.Where(s => s.Targets > 0));
            }
        }

        return scores;
    }

    /// <summary>
    /// Mean absolute change from one day to the next over the first slots, gaps left out; 0 if there is none. 1 where the training part is no longer than
    /// a day: errors
    /// are then in the dimension's unit.
    /// </summary>
    public static double DayChange(DemandSeries series, TimeGrid grid, int slots)
    {
        if (slots <= grid.Day) return 1;
        double sum = 0;
        int count = 0;
        for (int i = grid.Day; i < slots; i++)
            if (series.IsObserved(i) && series.IsObserved(i - grid.Day))
            {
                sum += Math.Abs(series.Values[i] - series.Values[i - grid.Day]);
                count++;
            }

        return count > 0 ? sum / count : 0;
    }

    private static void Score(SeriesScore score, IFittedForecaster fitted, BacktestSettings settings)
    {
        Span<float> quantiles = stackalloc float[QuantileLevels.Count];
        Span<int> leads = [score.Lead];
        for (int target = settings.TrainSlots; target < score.Series.Length; target += settings.Stride)
        {
            int origin = target + 1 - score.Lead;
            if (!score.Series.IsObserved(target) || origin <= score.Series.First) continue;
            fitted.Forecast(score.Series, origin, leads, quantiles);
            score.Add(score.Series.Values[target], quantiles);
        }
    }
}
