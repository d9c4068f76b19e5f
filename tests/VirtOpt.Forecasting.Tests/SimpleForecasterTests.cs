namespace VirtOpt.Forecasting.Tests;

public sealed class SimpleForecasterTests
{
    public static TheoryData<string> Names => [.. ForecasterCatalogue.Entries.Select(e => e.Name).Where(n => n != "auto")];

    [Fact]
    public void Points_are_those_of_the_definitions()
    {
        float[] values = Tiny.Random(24 * 16, 1);
        DemandHistory history = Tiny.History(60, values);
        const int Origin = 24 * 15;
        Assert.Equal(values[Origin - 1], Point("last", history, Origin, 5));
        Assert.Equal(values[Origin + 4 - 24], Point("day", history, Origin, 5));
        Assert.Equal(values[Origin + 29 - 48], Point("day", history, Origin, 30));
        Assert.Equal(values[Origin + 4 - 168], Point("week", history, Origin, 5));
        Assert.Equal(values[(Origin - 3)..Origin].Average(), Point("average-3h", history, Origin, 5), 3);
        Assert.Equal(values[(Origin - 24)..Origin].Order().ElementAt(11), Point("median-1d", history, Origin, 5));
        double weights = Enumerable.Range(0, Origin).Sum(age => Math.Pow(0.5, age / 6.0));
        double sum = Enumerable.Range(0, Origin).Sum(age => Math.Pow(0.5, age / 6.0) * values[Origin - 1 - age]);
        Assert.Equal(sum / weights, Point("exponential-6h", history, Origin, 5), 3);
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_after_the_origin_is_looked_at(string name)
    {
        float[] values = Tiny.Random(24 * 12, 2);
        float[] other = [.. values.Select((v, i) => i < 200 ? v : 77 - v)];
        (DemandHistory one, DemandHistory two) = (Tiny.History(60, values), Tiny.History(60, other));
        float[] first = Tiny.Ask(ForecasterCatalogue.Create(name).Fit(one, 200, TestContext.Current.CancellationToken), one.Series[0], 200, 1, 7, 24);
        float[] second = Tiny.Ask(ForecasterCatalogue.Create(name).Fit(two, 200, TestContext.Current.CancellationToken), two.Series[0], 200, 1, 7, 24);
        Assert.Equal(first, second);
    }

    [Theory, MemberData(nameof(Names))]
    public void Quantiles_are_in_order_within_the_capacity_whatever_the_series(string name)
    {
        float[][] series =
        [
            Tiny.Random(300, 3), new float[300], [.. Enumerable.Repeat(float.NaN, 290), .. Tiny.Random(10, 4)], [.. Enumerable.Repeat(float.NaN, 300)],
            [.. Tiny.Random(300, 5).Select((v, i) => i % 7 == 3 ? float.NaN : v * v)], [.. Enumerable.Repeat(float.NaN, 299), 3],
        ];
        DemandHistory plain = Tiny.History(60, series);
        DemandHistory history = new("t", plain.Grid, [.. plain.Series.Select(s => new DemandSeries(s.Vm, s.Dimension, s.Values.ToArray(), 100))]);
        IFittedForecaster fitted = ForecasterCatalogue.Create(name).Fit(history, 250, TestContext.Current.CancellationToken);
        foreach (DemandSeries one in history.Series)
            foreach (int origin in (int[])[1, 2, 30, 250, 291, 300])
                foreach (float[] four in Tiny.Ask(fitted, one, origin, 1, 12, 400).Chunk(4))
                {
                    Assert.All(four, q => Assert.InRange(q, 0, 100));
                    Assert.Equal(four.Order(), four);
                }
    }

    [Theory, InlineData("last"), InlineData("day"), InlineData("quantile-7d"), InlineData("holt-winters")]
    public void Quantiles_cover_what_they_say_on_stable_noise(string name)
    {
        DemandHistory history = Tiny.History(60, [.. Enumerable.Range(0, 20).Select(i => Tiny.Random(24 * 30, 100 + i))]);
        IFittedForecaster fitted = ForecasterCatalogue.Create(name).Fit(history, 24 * 20, TestContext.Current.CancellationToken);
        int inside = 0;
        int all = 0;
        foreach (DemandSeries one in history.Series)
            for (int origin = 24 * 20; origin < 24 * 30; origin += 3, all++)
                if (one.Values[origin] <= Tiny.Ask(fitted, one, origin, 1)[2])
                    inside++;
        Assert.InRange((double)inside / all, 0.93, 0.98);
    }

    [Fact]
    public void Holt_winters_learns_a_daily_cycle()
    {
        DemandHistory history = Tiny.History(60, Tiny.Daily(24 * 30, 24, 6));
        IFittedForecaster fitted = new HoltWinters().Fit(history, 24 * 20, TestContext.Current.CancellationToken);
        DemandSeries one = history.Series[0];
        for (int lead = 1; lead <= 24; lead++) Assert.Equal(one.Values[(24 * 25) - 1 + lead], Tiny.Ask(fitted, one, 24 * 25, lead)[0], 3.0);
    }

    [Fact]
    public void An_unknown_name_is_refused() =>
        Assert.Contains("no forecaster (magic)", Assert.Throws<InvalidInputException>(() => ForecasterCatalogue.Create("magic")).Message,
            StringComparison.Ordinal);

    private static float Point(string name, DemandHistory history, int origin, int lead) =>
        Tiny.Ask(ForecasterCatalogue.Create(name).Fit(history, origin), history.Series[0], origin, lead)[0];
}
