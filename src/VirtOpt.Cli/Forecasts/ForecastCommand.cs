using System.CommandLine;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>Forecasts the demand of VMs.</summary>
internal sealed class ForecastCommand : Verb
{
    private readonly HistoryOptions history = new();
    private readonly MethodOptions method = new();
    private readonly Option<string> horizon = new("--horizon")
    {
        Description = "how far to look, and the slot length after a slash: 1h, 24h, 24h/15m, 7d",
        HelpName = "TIME",
        DefaultValueFactory = _ => "24h",
    };

    private readonly Option<long?> scenarios = Numbers.Whole(
        "--scenarios", "N", "joint scenarios of all VMs to add to the forecast, for virtopt solve --forecast (0)", 0, 1000);

    private readonly Option<string?> output = new("--output") { Description = "file for the forecast (JSON)", HelpName = "FILE" };
    private readonly Option<string?> plot = new("--plot") { Description = "file for a fan chart of one VM (.svg or .png)", HelpName = "FILE" };
    private readonly Option<string?> vm = new("--vm") { Description = "the VM of the fan chart; the one with the highest P95 if left out", HelpName = "NAME" };

    /// <summary>Makes the command.</summary>
    public ForecastCommand()
        : base("forecast", "Forecast the demand of VMs from their history: P50, P90, P95 and P99 for every slot of a horizon.")
    {
        history.AddTo(this, RefuseMistypedOptions);
        Options.Add(horizon);
        method.AddTo(this);
        foreach (Option option in (Option[])[scenarios, output, plot, vm]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt forecast demand.csv --output forecast.json", "the next day by 15 minutes, trained on the history"),
        new("virtopt forecast demand.csv --scenarios 30 --output forecast.json", "with joint scenarios, to plan capacity by chance (virtopt solve --forecast)"),
        new("virtopt forecast demand.csv --horizon 7d --method week --json", "the next week by hour as it was the week before, for a program"),
        new("virtopt forecast demand.csv --horizon 24h/5m --plot fan.svg --vm web", "a fan chart of one VM"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string[] inputs = [history.PathOf(parsed)];
        OutputFile.Check(parsed.GetValue(output), inputs);
        OutputFile.Check(parsed.GetValue(plot), inputs);
        if (parsed.GetValue(plot) is { } name) PictureFile.CheckName(name);
        Horizon ahead = Horizon.Parse(parsed.GetValue(horizon)!);
        CleanedHistory clean = history.Read(parsed, terminal);
        DemandHistory known = clean.History;
        IReadOnlyList<LevelShift> shifts = LevelShifts.Find(known);
        if (shifts.Count > 0) terminal.Error.WriteLine(ForecastView.Sentence(shifts, known));
        (IDemandForecaster forecaster, string? warning) = method.Create(parsed, known, terminal);
        IFittedForecaster fitted = forecaster.Fit(known, known.Grid.Slots, terminal.Cancellation);
        QuantileForecast forecast = fitted.Forecast(known, known.Grid.Slots, ahead, terminal.Cancellation);
        ForecastJson document = new(known, forecast, forecaster.Name, clean.Report, shifts, warning) { Scenarios = ScenariosOf(parsed, fitted, known, ahead) };
        if (parsed.GetValue(output) is { } file) document.Write(file);
        if (parsed.GetValue(plot) is { } picture) FanChart.Write(picture, known, forecast, parsed.GetValue(vm));
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, document.ToJson());
        else ForecastView.Show(terminal, known, forecast, forecaster.Name);
        return ExitCode.Done;
    }

    private JointScenarios? ScenariosOf(ParseResult parsed, IFittedForecaster fitted, DemandHistory known, Horizon ahead)
    {
        if (parsed.GetValue(scenarios) is not (> 0 and { } count)) return null;
        (TimeGrid grid, int origin) = (known.Grid, known.Grid.Slots);
        ScenarioSettings settings = ScenarioSettings.For(grid, origin, ahead.LeadsOn(grid)[^1], (int)count, method.SeedOf(parsed));
        return JointScenarios.Sample(fitted, known.Series, grid, origin, ahead, settings);
    }
}
