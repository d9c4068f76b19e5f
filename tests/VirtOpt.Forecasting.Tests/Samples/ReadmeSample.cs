namespace VirtOpt.Forecasting.Tests.Samples;

/// <summary>The sample of the project's page.</summary>
internal static class ReadmeSample
{
    public static (PlanningDemand Each, OverloadProbability Together) Run(string path)
    {
        // <sample>
        DemandHistory history = CsvHistory.Read(path).History;
        (TimeGrid grid, int now) = (history.Grid, history.Grid.Slots);
        IFittedForecaster fitted = new AutoForecaster().Fit(history, now);
        QuantileForecast forecast = fitted.Forecast(history, now, Horizon.Day);
        ScenarioSettings settings = ScenarioSettings.For(grid, now, grid.Day, 30, seed: 1);
        JointScenarios scenarios = JointScenarios.Sample(fitted, history.Series, grid, now, Horizon.Day, settings);
        PlanningDemand each = PlanningDemand.AtQuantile(forecast, "cpu", ["web", "db"], 0.95);
        OverloadProbability together = new(PlanningDemand.OfScenarios(scenarios).Forecast, MostPerMille: 10);
        // </sample>
        return (each, together);
    }
}
