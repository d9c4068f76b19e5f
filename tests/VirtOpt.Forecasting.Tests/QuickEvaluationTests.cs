using System.Globalization;

namespace VirtOpt.Forecasting.Tests;

/// <summary>What was made quick gives the same bits as what is plain to read.</summary>
public sealed class QuickEvaluationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(70)]
    public void A_block_of_rows_gets_what_a_walk_of_each_row_gives(int leaves)
    {
        Random random = new(leaves);
        TreeEnsemble trees = TreeEnsemble.FromLightGbm(string.Concat(Enumerable.Range(0, 40).Select(t => Grown(random, t, leaves))));
        Assert.Equal(leaves <= 32, LeafMasks.Of(trees) is not null);
        const int features = 5;
        float[] block = new float[features * LeafMasks.BlockRows];
        for (int i = 0; i < block.Length; i++) block[i] = random.Next(20) == 0 ? float.NaN : random.Next(-8, 9) / 2f;
        for (int rows = 1; rows <= LeafMasks.BlockRows; rows++)
        {
            float[] sums = new float[LeafMasks.BlockRows];
            trees.Evaluate(block, rows, sums);
            LeafMasks.Of(trees)?.Evaluate(block, rows, sums);
            for (int row = 0; row < rows; row++)
            {
                float[] alone = [.. Enumerable.Range(0, features).Select(f => block[(f * LeafMasks.BlockRows) + row])];
                Assert.Equal(trees.Evaluate(alone), sums[row]);
            }
        }
    }

    [Fact]
    public void Candidates_of_many_origins_are_those_of_each_alone()
    {
        DemandHistory history = Tiny.History(60, Tiny.Daily(24 * 15, 24, 3), [.. Enumerable.Repeat(float.NaN, 50), .. Tiny.Random((24 * 15) - 50, 2)]);
        TreeModel model = TreeModel.Train(
            history, 24 * 12, new TreeSettings { Trees = 20, Rows = 2000, LeafRows = 10, Threads = 1 }, null, TestContext.Current.CancellationToken);
        TreeForecast many = new(model.For("cpu"), history.Grid);
        int[] leads = [1, 2, 3, 4, 24, 25];
        foreach (DemandSeries series in history.Series)
        {
            int[] origins = [.. Enumerable.Range(0, 100).Select(i => 55 + (3 * i))];
            int width = Experts.Width + many.Singles;
            float[] candidates = new float[origins.Length * leads.Length * width];
            float[] scales = new float[origins.Length];
            many.FillAll(series, origins, leads, candidates, scales);
            for (int o = 0; o < origins.Length; o++)
                for (int i = 0; i < leads.Length; i++)
                {
                    bool isWithin = origins[o] - 1 + leads[i] < series.Length;
                    float[] expected = isWithin ? Plain(model.For("cpu"), history.Grid, series, origins[o], leads[i], scales[o]) : new float[Experts.Width];
                    Assert.Equal(expected, candidates.AsSpan(((o * leads.Length) + i) * width, Experts.Width).ToArray());
                    if (!isWithin) continue;
                    float[] alone = new float[width];
                    many.Fill(series, origins[o], [leads[i]], alone);
                    Assert.Equal(alone, candidates.AsSpan(((o * leads.Length) + i) * width, width).ToArray());
                }
        }
    }

    [Fact]
    public void A_history_that_grows_is_forecast_as_if_it_had_been_there_from_the_begin()
    {
        const int origin = 24 * 12;
        float[][] values = [Tiny.Daily(24 * 16, 24, 3), [.. Enumerable.Repeat(float.NaN, 270), .. Tiny.Random((24 * 16) - 270, 2)]];
        DemandHistory history = Tiny.History(60, [.. values.Select(v => v[..origin])]);
        TreeModel model = TreeModel.Train(
            history, origin, new TreeSettings { Trees = 20, Rows = 2000, LeafRows = 10, Threads = 1 }, null, TestContext.Current.CancellationToken);
        IFittedForecaster growing = new AutoForecaster(model).Fit(history, origin, TestContext.Current.CancellationToken);
        DemandSeries[] before = [.. history.Series];
        for (int now = origin; now <= 24 * 16; now += now % 5)
        {
            IFittedForecaster afresh = new AutoForecaster(model).Fit(history, origin, TestContext.Current.CancellationToken);
            for (int i = 0; i < values.Length; i++)
            {
                DemandSeries grown = new(history.Series[i].Vm, Tiny.Cpu, values[i][..now]);
                Assert.True(grown.Continues(before[i]));
                int[] origins = now % 2 == 0 ? [now, origin + 3, now - 1] : [origin + 1];
                foreach (int at in origins.Where(o => o <= now)) Assert.Equal(Tiny.Ask(afresh, grown, at, 1, 4, 24), Tiny.Ask(growing, grown, at, 1, 4, 24));
                before[i] = grown;
            }

            if (now % 5 == 0) now++;
        }

        float[] other = [.. values[0].Select(v => v + 1)];
        DemandSeries changed = new(history.Series[0].Vm, Tiny.Cpu, other);
        Assert.False(changed.Continues(before[0]));
        IFittedForecaster fresh = new AutoForecaster(model).Fit(history, origin, TestContext.Current.CancellationToken);
        Assert.Equal(Tiny.Ask(fresh, changed, 24 * 15, 1, 24), Tiny.Ask(growing, changed, 24 * 15, 1, 24));
    }

    [Fact]
    public void A_ranked_window_has_the_quantiles_of_its_stretch()
    {
        DemandSeries series = new("a", Tiny.Cpu, [float.NaN, .. Tiny.Random(700, 4).Select(v => MathF.Round(v))]);
        RankedWindow window = new(series.Ranks, 100);
        Random random = new(6);
        for (int i = 0; i < 300; i++)
        {
            int origin = random.Next(2, series.Length + 1);
            window.MoveTo(origin);
            float[] sorted = [.. series.Filled[Math.Max(1, origin - 100)..origin].ToArray().Order()];
            Assert.Equal(sorted, window.ToSorted());
            foreach (double level in (double[])[0, 0.01, 0.5, 0.9, 0.99, 1]) Assert.Equal(Quantiles.OfSorted(sorted, level), window.Quantile(level));
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0, 25)]
    [InlineData(3, 100)]
    [InlineData(40, 800)]
    public void The_spread_of_a_week_is_what_its_words_say(int first, int origin)
    {
        const int day = 48;
        DemandSeries series = new("a", Tiny.Cpu, [.. Enumerable.Repeat(float.NaN, first), .. Tiny.Random(900, 8)]);
        int begin = Math.Max(first, origin - (7 * day));
        float[] week = series.Filled[begin..origin].ToArray();
        const float limit = 23;
        float[] sorted = [.. week.Select(v => Math.Min(v, limit)).Order()];
        (double deviations, double squares, double change, int changes) = (0, 0, 0, 0);
        foreach (float value in sorted) deviations += Math.Abs(value - Quantiles.OfSorted(sorted, 0.5));
        foreach (float value in week) squares += (value - series.Mean(begin, origin)) * (value - series.Mean(begin, origin));
        for (int i = Math.Max(first + day, begin); i < origin; i++, changes++)
            change += Math.Abs(Math.Min(limit, series.Filled[i]) - Math.Min(limit, series.Filled[i - day]));
        Assert.Equal(
            new WeekSpread(change, changes, deviations / week.Length, Math.Sqrt(squares / week.Length)),
            WeekSpread.Of(series, day, origin, limit, sorted));
    }

    private static float[] Plain(DimensionTrees trees, TimeGrid grid, DemandSeries series, int origin, int lead, float scale)
    {
        FeatureBuilder features = new(grid, trees.Floor);
        OriginState state = features.At(series, origin);
        Assert.Equal(state.Scale, scale);
        float[] row = new float[FeatureBuilder.Width];
        float reference = features.Fill(series, origin, lead, state, row);
        float[] quantiles = [.. Enumerable.Range(Bands.Of(lead, grid) * QuantileLevels.Count, QuantileLevels.Count)
            .Select(e => reference + (state.Scale * trees.Ensembles[e].Evaluate(row)))];
        QuantileLevels.Order(quantiles, series.Capacity);
        float[] candidates = new float[Experts.Width];
        Experts.Fill(state, quantiles, reference, candidates);
        return candidates;
    }

    /// <summary>A random tree in LightGBM's words: leaf after leaf is split.</summary>
    private static string Grown(Random random, int tree, int leaves)
    {
        int inner = leaves - 1;
        int[] left = new int[inner];
        int[] right = new int[inner];
        List<(int[] Side, int Node)> open = [];
        for (int node = 0; node < inner; node++)
        {
            if (node > 0)
            {
                int taken = random.Next(open.Count);
                open[taken].Side[open[taken].Node] = node;
                open.RemoveAt(taken);
            }

            open.Add((left, node));
            open.Add((right, node));
        }

        for (int leaf = 0; leaf < open.Count; leaf++) open[leaf].Side[open[leaf].Node] = -1 - leaf;
        string Line(string name, IEnumerable<double> numbers) => $"{name}={string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}\n";
        return $"\nTree={tree}\nnum_leaves={leaves}\n"
            + Line("split_feature", left.Select(_ => (double)random.Next(5)))
            + Line("threshold", left.Select(_ => random.Next(-8, 9) / 2.0))
            + Line("left_child", left.Select(c => (double)c))
            + Line("right_child", right.Select(c => (double)c))
            + Line("leaf_value", Enumerable.Range(0, leaves).Select(_ => random.NextDouble() - 0.5));
    }
}
