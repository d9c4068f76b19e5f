using System.CommandLine;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>Tests forecasters on the past.</summary>
internal sealed class BacktestCommand : Verb
{
    private const double DefaultShare = 0.7;

    private readonly HistoryOptions history = new();
    private readonly Option<string> horizon = new("--horizon")
    {
        Description = "how far ahead targets lie, separated by commas: 5m,1h,24h",
        HelpName = "TIMES",
        DefaultValueFactory = _ => "1h,24h",
    };

    private readonly Option<string?> methods = new("--methods")
    {
        Description = "forecasters to test, separated by commas; all if left out: " + string.Join(", ", ForecasterCatalogue.Entries.Select(e => e.Name)),
        HelpName = "NAMES",
    };

    private readonly Option<double?> train = Numbers.Positive(
        "--train-days", "DAYS", "days to learn from; the rest is the test (70 % of the history)", 100_000);

    private readonly Option<long?> stride = Numbers.Whole("--every", "N", "score every Nth slot (1)", 1, 100_000);

    private readonly Option<string?> model = new("--model")
    {
        Description = "trained model for auto; without one it is trained on the first days",
        HelpName = "FILE",
    };

    private readonly Option<long?> sample = Numbers.Whole("--sample", "N", "take every Nth VM only (1)", 1, 1_000_000);
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of training (1)", 0, int.MaxValue);

    private readonly Option<string?> plot = new("--plot")
    {
        Description = "file for a chart of MASE and coverage by forecaster (.svg or .png)",
        HelpName = "FILE",
    };

    /// <summary>Makes the command.</summary>
    public BacktestCommand()
        : base("backtest", "Test forecasters on the past: errors, pinball loss, coverage and over-provisioning, by forecaster and class of VM.")
    {
        history.AddTo(this, RefuseMistypedOptions);
        foreach (Option option in (Option[])[horizon, methods, train, stride, sample, model, seed, plot]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt backtest demand.csv --horizon 1h,24h", "all forecasters, an hour and a day ahead"),
        new("virtopt backtest demand.csv --methods day,best-simple,auto --every 5 --json", "three of them on every fifth slot, for a program"),
        new("virtopt backtest bitbrains.tar.gz --format bitbrains --train-days 21 --sample 10 --plot backtest.svg", "a tenth of the VMs, with a chart"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        OutputFile.Check(parsed.GetValue(plot), [history.PathOf(parsed)]);
        if (parsed.GetValue(plot) is { } name) PictureFile.CheckName(name);
        IDemandForecaster[] forecasters = Forecasters(parsed);
        Horizon[] horizons = [.. parsed.GetValue(horizon)!.Split(',').Select(Horizon.Parse)];
        DemandHistory known = Sampled(history.Read(parsed, terminal).History, parsed.GetValue(sample) ?? 1);
        int trained = parsed.GetValue(train) is { } days ? known.Grid.SlotsIn(TimeSpan.FromDays(days)) : (int)(known.Grid.Slots * DefaultShare);
        BacktestSettings settings = new(trained, [.. horizons.Select(h => known.Grid.SlotsIn(h.Length)).Distinct()])
        {
            Stride = (int)(parsed.GetValue(stride) ?? 1),
        };
        Progress note = new(terminal);
        IReadOnlyList<SeriesScore> scores = Backtest.Run(known, forecasters, settings, note, terminal.Cancellation);
        if (scores.Count == 0) throw InvalidInputException.Because($"{known.Name}: no slot could be scored.", "the test part is shorter than the horizon.");
        IReadOnlyList<BacktestRow> rows = BacktestTable.Rows(scores, settings);
        if (parsed.GetValue(plot) is { } picture) BacktestChart.Write(picture, known, rows);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, BacktestJson.Document(known, settings, rows));
        else BacktestView.Show(terminal, known, settings, rows);
        return ExitCode.Done;
    }

    private IDemandForecaster[] Forecasters(ParseResult parsed)
    {
        string[] names = parsed.GetValue(methods)?.Split(',') ?? [.. ForecasterCatalogue.Entries.Select(e => e.Name)];
        TreeModel? trees = parsed.GetValue(model) is { } path ? TreeModelFile.Read(path) : null;
        TreeSettings settings = new() { Seed = (int)(parsed.GetValue(seed) ?? 1) };
        return [.. names.Distinct().Select(n => n == "auto" ? new AutoForecaster(trees, settings) : ForecasterCatalogue.Create(n))];
    }

    private static DemandHistory Sampled(DemandHistory history, long every)
    {
        if (every == 1) return history;
        HashSet<string> kept = [.. history.Series.Select(s => s.Vm).Distinct().Where((_, i) => i % every == 0)];
        return history.Where(s => kept.Contains(s.Vm));
    }

    private sealed class Progress(Terminal terminal) : IProgress<string>
    {
        public void Report(string value)
        {
            if (terminal.IsErrorTerminal) terminal.Error.WriteLine($"{value} ...");
        }
    }
}
