namespace VirtOpt.Forecasting.Tests;

public sealed class ForecastTests
{
    [Theory]
    [InlineData("1h", 12, 1, 12)]
    [InlineData("24h", 96, 2, 287)]
    [InlineData("7d", 168, 7, 2011)]
    [InlineData("24h/5m", 288, 1, 288)]
    public void Horizons_are_read_and_laid_on_the_grid(string text, int slots, int first, int last)
    {
        Horizon horizon = Horizon.Parse(text);
        IReadOnlyList<int> leads = horizon.LeadsOn(Tiny.Grid(10));
        Assert.Equal((slots, first, last), (leads.Count, leads[0], leads[^1]));
    }

    [Theory, InlineData(""), InlineData("24"), InlineData("h"), InlineData("-1h"), InlineData("1h/2h"), InlineData("1h/5m/1m"), InlineData("0h")]
    public void Horizons_that_cannot_be_are_refused(string text) =>
        Assert.Contains($"The horizon ({text})", Assert.Throws<InvalidInputException>(() => Horizon.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_forecast_becomes_demand_to_plan_with()
    {
        DemandHistory history = Tiny.History(5, Tiny.Random(400, 1), Tiny.Random(400, 2, 70));
        QuantileForecast forecast = new RunningQuantile("q", TimeSpan.FromDays(1)).Fit(history, 400, TestContext.Current.CancellationToken)
            .Forecast(history, 400, Horizon.Hour, TestContext.Current.CancellationToken);
        Assert.Equal(history.Grid.TimeOf(400), forecast.Origin);
        PlanningDemand plan = PlanningDemand.AtQuantile(forecast, "cpu", ["vm1", "vm0"], 0.95, [20, 10]);
        Assert.Equal((12, 2), (plan.Forecast.Slots, plan.Forecast.Vms));
        for (int vm = 0; vm < 2; vm++)
        {
            double exact = forecast.Find(vm == 0 ? "vm1" : "vm0", "cpu")![3, 2] * (vm == 0 ? 20 : 10);
            Assert.InRange(plan.Forecast[3, new VmId(vm)], exact, exact * 1.126);
        }

        Assert.InRange(plan.RoundedUp, 0, 0.126);
        Assert.Throws<InvalidInputException>(() => PlanningDemand.AtQuantile(forecast, "cpu", ["vm7"], 0.95));
        Assert.Throws<InvalidInputException>(() => PlanningDemand.AtQuantile(forecast, "cpu", ["vm0"], 0.8));
    }

    [Fact]
    public void Buckets_are_few_and_never_too_small()
    {
        Random random = new(1);
        HashSet<long> seen = [];
        for (int i = 0; i < 5000; i++)
        {
            double value = Math.Exp(random.NextDouble() * 12);
            long bucket = PlanningDemand.Bucket(value, 8);
            Assert.InRange(bucket, value - 1e-6, Math.Max(value + 1, value * 1.13));
            seen.Add(bucket);
        }

        Assert.True(seen.Count < 140, $"{seen.Count} buckets");
        Assert.Equal(0, PlanningDemand.Bucket(0, 8));
        Assert.Equal(1001, PlanningDemand.Bucket(1000.2, 0));
    }

    [Fact]
    public void Scenarios_keep_what_belongs_together()
    {
        // Two VMs that peak in turn: their sum is constant, so the quantile of the sum lies far below the sum of the quantiles.
        float[] one = Tiny.Random(2000, 1, 0, 40);
        float[] two = [.. one.Select(v => 50 - v)];
        DemandHistory history = Tiny.History(5, one, two);
        IFittedForecaster fitted = new RunningQuantile("q", TimeSpan.FromDays(1)).Fit(history, 2000, TestContext.Current.CancellationToken);
        JointScenarios scenarios = JointScenarios.Sample(fitted, history.Series, history.Grid, 2000, Horizon.Hour, new ScenarioSettings(200, 7, 1));
        Assert.Equal((200, 12, 2), (scenarios.Count, scenarios.Slots, scenarios.Series.Count));
        Assert.InRange(scenarios.QuantileOfSum([0, 1], 5, 0.95), 48, 58);
        float[] marginal = [.. history.Series.Select(s => Tiny.Ask(fitted, s, 2000, 6)[2])];
        Assert.True(marginal.Sum() > 80);
        PlanningDemand demand = PlanningDemand.OfScenarios(scenarios);
        Assert.Equal(200 * 12, demand.Forecast.Slots);
    }

    /// <summary>A forecaster that knows the past too well has small errors there; its scenarios must be as wide as it says that the future is.</summary>
    [Fact]
    public void Scenarios_exceed_P90_as_often_as_the_forecast_says_but_not_P99()
    {
        DemandHistory history = Tiny.History(5, Tiny.Random(4000, 1, 8, 4));
        JointScenarios scenarios = JointScenarios.Sample(
            new Wide(), history.Series, history.Grid, 4000, Horizon.Hour, ScenarioSettings.For(history.Grid, 4000, 12, 100, 1));
        float[] values = [.. Enumerable.Range(0, scenarios.Count).SelectMany(k => Enumerable.Range(0, scenarios.Slots).Select(slot => scenarios[k, slot, 0]))];
        Assert.Equal(1200, values.Length);
        Assert.InRange(values.Count(v => v >= 13.9) / (double)values.Length, 0.07, 0.13);
        Assert.InRange(values.Max(), 14, 18);
        Assert.InRange(values.Min(), 8, 8.1);
    }

    [Theory, InlineData(10, 288, 10), InlineData(100, 37, 100)]
    public void Scenarios_come_from_the_same_time_of_day_where_there_are_enough_days(int wanted, int stride, int count)
    {
        ScenarioSettings settings = ScenarioSettings.For(Tiny.Grid(4000), 4000, 288, wanted, 1);
        Assert.Equal(stride, settings.Stride);
        Assert.Equal(count, settings.Origins(4000, 288).Count);
    }

    [Fact]
    public void Histories_that_cannot_be_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => new DemandSeries("a", Tiny.Cpu, [1, -1]));
        Assert.Throws<InvalidInputException>(() => new DemandHistory("h", Tiny.Grid(2), []));
        DemandSeries series = new("a", Tiny.Cpu, [1, 2]);
        Assert.Throws<InvalidInputException>(() => new DemandHistory("h", Tiny.Grid(2), [series, series]));
        Assert.Throws<InvalidInputException>(() => new DemandHistory("h", Tiny.Grid(3), [series]));
        Assert.Throws<InvalidInputException>(() => JointScenarios.Sample(
            new LastValue().Fit(Tiny.History(5, [1, 2, 3]), 3, TestContext.Current.CancellationToken), [series], Tiny.Grid(3), 3, Horizon.Day,
                new ScenarioSettings(10, 1, 1)));
    }

    /// <summary>10 to the middle, P90 14, P95 16 and P99 18, whatever happens.</summary>
    private sealed class Wide : IFittedForecaster
    {
        public SlotRange Training => new(0, 1);

        public string MethodFor(DemandSeries series, int lead) => "wide";

        public void Forecast(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            for (int i = 0; i < leads.Length; i++) ((ReadOnlySpan<float>)[10, 14, 16, 18]).CopyTo(quantiles[(i * 4)..]);
        }
    }

    [Fact]
    public void Gaps_are_filled_from_before()
    {
        DemandSeries series = new("a", Tiny.Cpu, [float.NaN, 2, float.NaN, 4]);
        Assert.Equal((1, 2f, 4f), (series.First, series.Filled[2], series.Filled[3]));
        Assert.True(float.IsNaN(series.Filled[0]));
        Assert.False(series.IsObserved(2));
        Assert.Equal(2f, series.Mean(0, 3));
    }
}
