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
            state.Now().Apply(candidates, 1, null, quantiles);
            float actual = 50 + ((float)random.NextDouble() * 5) - 2.5f;
            if (i >= count && actual <= quantiles[2]) covered++;
            state.Learn(actual, candidates, quantiles);
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
            state.Learn(14 + (float)random.NextDouble() - 0.5f, candidates, [10, 20, 30, 40]);
        }

        Calibration now = state.Now();
        Assert.True(now.Weights[4] > 0.9);
        for (int q = 0; q < QuantileLevels.Count; q++) Assert.Equal(1, now.Weights.Skip(q * Experts.Count).Take(Experts.Count).Sum(), 4);
    }

    [Fact]
    public void Before_anything_is_known_the_trees_count_most_and_nothing_is_moved()
    {
        Calibration first = new CalibrationState(2, 96).Now();
        Assert.All(Enumerable.Range(1, Experts.Count - 1), k => Assert.True(first.Weights[0] > first.Weights[k]));
        Assert.All(first.Shifts, s => Assert.Equal(0, s, 5));
    }
}
