namespace VirtOpt.Forecasting.Tests;

public sealed class TreeTests : IDisposable
{
    private static readonly TreeSettings Small = new() { Trees = 30, Rows = 4000, Leaves = 15, LeafRows = 20, Threads = 1 };
    private static readonly Lazy<DemandHistory> Fleet = new(() => Tiny.History(
        60, [.. Enumerable.Range(0, 24).Select(i => i % 2 == 0 ? Tiny.Daily(24 * 30, 24, i, 10 + (3 * i), 8, 6) : Tiny.Random(24 * 30, i, 5 * i, 2 + i))]));

    private static readonly Lazy<TreeModel> Trained = new(() => TreeModel.Train(Fleet.Value, 24 * 17, Small));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-model-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_same_seed_gives_the_same_file_bit_by_bit()
    {
        byte[] first = Saved(Trained.Value, "a");
        Assert.Equal(first, Saved(TreeModel.Train(Fleet.Value, 24 * 17, Small, null, TestContext.Current.CancellationToken), "b"));
        Assert.NotEqual(first, Saved(TreeModel.Train(Fleet.Value, 24 * 17, Small with { Seed = 2 }, null, TestContext.Current.CancellationToken), "c"));
    }

    [Fact]
    public void A_saved_model_forecasts_as_before()
    {
        Saved(Trained.Value, "m");
        TreeModel read = TreeModelFile.Read(Path.Combine(folder.FullName, "m"));
        IFittedForecaster before = new AutoForecaster(Trained.Value).Fit(Fleet.Value, 24 * 21, TestContext.Current.CancellationToken);
        IFittedForecaster after = new AutoForecaster(read).Fit(Fleet.Value, 24 * 21, TestContext.Current.CancellationToken);
        foreach (DemandSeries one in Fleet.Value.Series.Take(5))
            Assert.Equal(Tiny.Ask(before, one, 24 * 22, 1, 4, 24), Tiny.Ask(after, one, 24 * 22, 1, 4, 24));
    }

    [Fact]
    public void Damaged_foreign_and_unfit_models_are_refused_with_their_own_words()
    {
        byte[] good = Saved(Trained.Value, "m");
        for (int i = 0; i < 40; i++)
        {
            byte[] bad = [.. good];
            bad[30 + (i * (bad.Length - 30) / 40)] ^= 0x55;
            Refused(bad, "damaged");
        }

        Refused(good[..(good.Length / 2)], "damaged");
        Refused([], "not a forecasting model");
        Refused(System.Text.Encoding.UTF8.GetBytes("PK something else that is no model at all"), "not a forecasting model");
        Assert.Contains("steps of", Assert.Throws<InvalidInputException>(() => Trained.Value.CheckFits("m", Tiny.History(5, Tiny.Random(500, 1)))).Message,
            StringComparison.Ordinal);
        DemandHistory memory = new("t", Tiny.Grid(10, 60), [new DemandSeries("a", new Dimension("memory", "MiB"), new float[10])]);
        Assert.Contains("no trees for dimension (memory)", Assert.Throws<InvalidInputException>(() => Trained.Value.CheckFits("m", memory)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Training_goes_on_from_an_earlier_model()
    {
        TreeModel more = TreeModel.Train(Fleet.Value, 24 * 20, Small with { Trees = 5 }, Trained.Value, TestContext.Current.CancellationToken);
        Assert.Equal(Trained.Value.TreesPerQuantile + 5, more.TreesPerQuantile);
        double before = Errors(new AutoForecaster(Trained.Value));
        double after = Errors(new AutoForecaster(more));
        Assert.InRange(after, 0, before * 1.05);
    }

    [Fact]
    public void Trees_with_calibration_beat_simple_forecasts_and_cover_what_they_say()
    {
        BacktestSettings settings = new(24 * 21, [1, 24]) { Threads = 1 };
        IReadOnlyList<SeriesScore> scores = Backtest.Run(
            Fleet.Value, [new LastValue(), new SeasonalNaive("day", TimeSpan.FromDays(1)), new BestSimple(), new AutoForecaster(Trained.Value)], settings,
            cancellation: TestContext.Current.CancellationToken);
        IReadOnlyList<BacktestRow> rows = [.. BacktestTable.Rows(scores, settings).Where(r => r.VmClass is null)];
        foreach (int lead in settings.Leads)
        {
            BacktestRow auto = rows.Single(r => r.Lead == lead && r.Forecaster == "auto");
            Assert.True(auto.Mase < 0.9 * rows.Single(r => r.Lead == lead && r.Forecaster == "day").Mase);
            Assert.True(auto.Mase < rows.Single(r => r.Lead == lead && r.Forecaster == "last").Mase);
            Assert.InRange(auto.Coverage[2], 0.92, 0.98);
        }
    }

    [Fact]
    public void Nothing_after_the_origin_is_looked_at()
    {
        DemandHistory other = new("t", Fleet.Value.Grid, [.. Fleet.Value.Series.Select(s => new DemandSeries(
            s.Vm, s.Dimension, [.. s.Values.ToArray().Select((v, i) => i < 24 * 23 ? v : 1000 - v)]))]);
        IFittedForecaster one = new AutoForecaster(Trained.Value).Fit(Fleet.Value, 24 * 21, TestContext.Current.CancellationToken);
        IFittedForecaster two = new AutoForecaster(Trained.Value).Fit(other, 24 * 21, TestContext.Current.CancellationToken);
        for (int i = 0; i < 6; i++)
        {
            // The second is asked in another order: what it knows of later slots must not leak into earlier forecasts.
            float[] late = Tiny.Ask(two, other.Series[i], 24 * 29, 1, 24);
            Assert.Equal(Tiny.Ask(one, Fleet.Value.Series[i], 24 * 23, 1, 4, 24), Tiny.Ask(two, other.Series[i], 24 * 23, 1, 4, 24));
            Assert.NotEqual(late, Tiny.Ask(one, Fleet.Value.Series[i], 24 * 29, 1, 24));
        }
    }

    [Fact]
    public void New_vms_borrow_and_odd_ones_do_no_harm()
    {
        float[] gap = [.. Enumerable.Repeat(float.NaN, 24 * 30)];
        float[] young = [.. gap[..(24 * 21 - 5)], .. Tiny.Random((24 * 9) + 5, 9, 30)];
        float[] burst = [.. Tiny.Random(24 * 30, 3).Select((v, i) => i == 24 * 20 ? 1e7f : v)];
        DemandHistory odd = new("t", Fleet.Value.Grid, [.. Fleet.Value.Series, .. ((float[][])[gap, young, burst, new float[24 * 30]]).Select((v, i) =>
            new DemandSeries($"odd{i}", Tiny.Cpu, v))]);
        IFittedForecaster fitted = new AutoForecaster(Trained.Value).Fit(odd, 24 * 21, TestContext.Current.CancellationToken);
        Assert.Equal("borrowed", fitted.MethodFor(odd.Series[^4], 1));
        float[] borrowed = Tiny.Ask(fitted, odd.Series[^4], 24 * 21, 1);
        Assert.InRange(borrowed[0], 1, borrowed[3]);
        Assert.InRange(Tiny.Ask(fitted, odd.Series[^3], 24 * 21, 1)[0], 25, 40);
        Assert.InRange(Tiny.Ask(fitted, odd.Series[^2], 24 * 21, 24)[0], 15, 30);
        Assert.Equal(0, Tiny.Ask(fitted, odd.Series[^1], 24 * 21, 24)[0], 0.5);
    }

    [Fact]
    public void Flat_trees_add_up_as_a_naive_walk_of_them_does()
    {
        TreeEnsemble tree = TreeEnsemble.FromLightGbm(
            "tree\nTree=0\nnum_leaves=3\nsplit_feature=1 0\nthreshold=0.5 2.25\nleft_child=-1 -2\nright_child=1 -3\nleaf_value=1 10 100\n"
            + "\nTree=1\nnum_leaves=1\nleaf_value=0.5\n");
        Assert.Equal(1.5f, tree.Evaluate([9, 0.5f]));
        Assert.Equal(10.5f, tree.Evaluate([2.25f, 0.6f]));
        Assert.Equal(100.5f, tree.Evaluate([2.26f, 0.6f]));
        Assert.Equal(201, TreeEnsemble.Join(tree, tree).Evaluate([2.26f, 0.6f]));
    }

    [Fact]
    public void Sliding_windows_are_the_sorted_stretches_wherever_they_slide()
    {
        DemandSeries series = new("a", Tiny.Cpu, [float.NaN, float.NaN, .. Tiny.Random(600, 4).Select(v => MathF.Round(v, 1))]);
        SlidingWindows windows = new(series, 24);
        Random random = new(5);
        int origin = 300;
        for (int i = 0; i < 200; i++)
        {
            origin = Math.Clamp(i % 20 == 0 ? random.Next(3, 602) : origin + random.Next(-9, 10), 3, 602);
            (float[] quarter, float[] day, float[] week) = windows.At(origin);
            foreach ((float[] window, int length) in ((float[], int)[])[(quarter, 6), (day, 24), (week, 168)])
                Assert.Equal(series.Filled[Math.Max(2, origin - length)..origin].ToArray().Order(), window);
        }
    }

    [Fact]
    public void A_sorted_window_is_the_sorted_window()
    {
        float[] values = Tiny.Random(500, 1);
        SortedWindow window = new(20);
        for (int i = 0; i < values.Length; i++)
        {
            if (i >= 20) window.Remove(values[i - 20]);
            window.Add(values[i]);
            Assert.Equal(values[Math.Max(0, i - 19)..(i + 1)].Order(), window.Values.ToArray());
        }
    }

    private static double Errors(AutoForecaster forecaster)
    {
        BacktestSettings settings = new(24 * 21, [1]) { Threads = 1 };
        return Backtest.Run(Fleet.Value, [forecaster], settings).Sum(s => s.AbsoluteError);
    }

    private byte[] Saved(TreeModel model, string name)
    {
        string path = Path.Combine(folder.FullName, name);
        TreeModelFile.Write(path, model);
        return File.ReadAllBytes(path);
    }

    private void Refused(byte[] content, string message)
    {
        string path = Path.Combine(folder.FullName, "bad");
        File.WriteAllBytes(path, content);
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => TreeModelFile.Read(path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("bad", error.Message, StringComparison.Ordinal);
    }
}
