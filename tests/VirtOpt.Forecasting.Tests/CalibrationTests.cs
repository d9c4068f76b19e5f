namespace VirtOpt.Forecasting.Tests;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Quantiles_that_are_far_off_come_to_cover_what_they_say(int band)
    {
        // The trees say 5 % of the spread that there is, the other candidates nothing better.
        Random random = new(1);
        CalibrationState state = new(band, 96);
        float[] candidates = new float[Experts.Width];
        float[] quantiles = new float[QuantileLevels.Count];
        int covered = 0;
        const int count = 6000;
        for (int i = 0; i < 2 * count; i++)
        {
            for (int q = 0; q < quantiles.Length; q++) candidates.AsSpan(q * Experts.Count, Experts.Count).Fill(50 + (q * 0.5f));
            float[] medians = state.Now().Apply(candidates, 1, null, quantiles);
            float actual = 50 + ((float)random.NextDouble() * 5) - 2.5f;
            if (i >= count && actual <= quantiles[2]) covered++;
            state.Learn(actual, candidates, medians, quantiles);
        }

        Assert.InRange((double)covered / count, band == 2 ? 0.9 : 0.93, 0.97);
    }

    [Fact]
    public void The_candidate_that_did_best_rules_the_mix_and_the_weights_are_one_in_sum()
    {
        CalibrationState state = new(0, 96);
        float[] candidates = new float[Experts.Width];
        Random random = new(2);
        for (int i = 0; i < 1000; i++)
        {
            for (int k = 0; k < candidates.Length; k++) candidates[k] = 10 + (k % Experts.Count);
            state.Learn(14 + (float)random.NextDouble() - 0.5f, candidates, state.Now().Median.OptionsOf(candidates), [10, 20, 30, 40]);
        }

        Calibration now = state.Now();
        Assert.True(now.Median.Weights[4] > 0.9);
        // At P90 exceeding is dear: the next higher candidate loses less.
        Assert.Equal(5, Enumerable.Range(0, Experts.Count).MaxBy(k => now.Weights[Experts.Count + k]));
        Assert.Equal(1, now.Median.Weights.Sum(), 4);
        for (int q = 1; q < QuantileLevels.Count; q++) Assert.Equal(1, now.Weights.Skip(q * Experts.Count).Take(Experts.Count).Sum(), 4);
    }

    [Fact]
    public void Before_anything_is_known_the_trees_count_most_and_nothing_is_moved()
    {
        Calibration first = new CalibrationState(2, 96).Now();
        Assert.All(Enumerable.Range(1, Experts.Count - 1), k => Assert.True(first.Weights[Experts.Count] > first.Weights[Experts.Count + k]));
        Assert.All(first.Median.Weights.Skip(1), weight => Assert.True(first.Median.Weights[0] > weight));
        Assert.All(first.Shifts, s => Assert.Equal(0, s, 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_simple_forecast_that_serves_better_than_the_trees_is_the_median_alone(int band)
    {
        const int singles = 5;
        CalibrationState state = new(band, 58, singles);
        float[] quantiles = new float[QuantileLevels.Count];
        Random random = new(3);
        double own = 0;
        double best = 0;
        for (int i = 0; i < 1200; i++)
        {
            float actual = 100 * (float)random.NextDouble();
            float[] candidates = new float[Experts.Width + singles];
            // Errors: up to 10 of the trees, and 2, 4, 6, 8 and 10 of the simple forecasts, all to the same side, so that no mix is better than the best.
            for (int k = 0; k < Experts.Width; k++) candidates[k] = actual + (10 * (float)random.NextDouble());
            for (int k = 0; k < singles; k++) candidates[Experts.Width + k] = actual + ((k + 1) * 2 * (float)random.NextDouble());
            float[] medians = state.Now().Apply(candidates, 1, null, quantiles);
            if (i >= 300) (own, best) = (own + Math.Abs(quantiles[0] - actual), best + Math.Abs(candidates[Experts.Width] - actual));
            state.Learn(actual, candidates, medians, quantiles);
        }

        Assert.InRange(own, 0, 1.02 * best);
        Assert.True(state.Now().Median.SimpleShare > 0.98);
    }

    [Fact]
    public void A_mix_of_trees_and_simple_forecasts_is_found_where_their_errors_cancel()
    {
        CalibrationState state = new(1, 58, 1);
        float[] quantiles = new float[QuantileLevels.Count];
        Random random = new(4);
        double own = 0;
        for (int i = 0; i < 600; i++)
        {
            float actual = 100 * (float)random.NextDouble();
            float miss = 10 * (float)random.NextDouble();
            float[] candidates = new float[Experts.Width + 1];
            candidates.AsSpan().Fill(actual + miss);
            candidates[^1] = actual - miss;
            float[] medians = state.Now().Apply(candidates, 1, null, quantiles);
            if (i >= 300) own += Math.Abs(quantiles[0] - actual);
            state.Learn(actual, candidates, medians, quantiles);
        }

        Assert.InRange(own / 300, 0, 0.1);
    }

    [Theory]
    [InlineData(5, 96, 5)]
    [InlineData(5, 48, 7)]
    [InlineData(5, 32, 11)]
    [InlineData(15, 96, 1)]
    [InlineData(60, 32, 1)]
    public void Origins_meet_every_phase_of_what_recurs_within_a_day(int minutes, int mostPerDay, int expected)
    {
        TimeGrid grid = Tiny.Grid(1000, minutes);
        int stride = CalibrationWalk.StrideOf(grid, mostPerDay);
        Assert.Equal(expected, stride);
        foreach (int period in Enumerable.Range(1, grid.Day).Where(p => grid.Day % p == 0))
            Assert.Equal(period, Enumerable.Range(0, period).Select(k => k * stride % period).Distinct().Count());
    }
}
