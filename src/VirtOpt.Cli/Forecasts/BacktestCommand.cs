using System.CommandLine;
using System.Globalization;
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

    private readonly Option<string?> learnFrom = new("--learn-from")
    {
        Description = "history of other VMs that auto and spread learn from; HISTORY then only tells how its own VMs did before each origin",
        HelpName = "PATH",
    };

    private readonly Option<long?> hosts = Numbers.Whole("--hosts", "N", "forecast the summed demand of N hosts of randomly drawn VMs instead", 1, 10_000);
    private readonly Option<string> hostVms = new("--host-vms")
    {
        Description = "fewest and most VMs on such a host",
        HelpName = "A-B",
        DefaultValueFactory = _ => "8-30",
    };

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
        foreach (Option option in (Option[])[horizon, methods, train, stride, sample, model, learnFrom, hosts, hostVms, seed, plot]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt backtest demand.csv --horizon 1h,24h", "all forecasters, an hour and a day ahead"),
        new("virtopt backtest demand.csv --methods day,best-simple,auto --every 5 --json", "three of them on every fifth slot, for a program"),
        new("virtopt backtest bitbrains.tar.gz --format bitbrains --train-days 21 --sample 10 --plot backtest.svg", "a tenth of the VMs, with a chart"),
        new("virtopt backtest demand.csv --hosts 40 --host-vms 8-30 --methods quantile-1d,quantile-7d,auto", "what random hosts of 8 to 30 VMs use together"),
        new("virtopt backtest 20110303.tar.gz --learn-from other-days --train-days 0.04 --horizon 1h", "a day of PlanetLab, learnt from other days"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        OutputFile.Check(parsed.GetValue(plot), [history.PathOf(parsed)]);
        if (parsed.GetValue(plot) is { } name) PictureFile.CheckName(name);
        Horizon[] horizons = [.. parsed.GetValue(horizon)!.Split(',').Select(Horizon.Parse)];
        HostDraw? draw = Draw(parsed);
        IDemandForecaster[] forecasters = Forecasters(parsed, draw);
        DemandHistory known = Sampled(history.Read(parsed, terminal).History, parsed.GetValue(sample) ?? 1);
        if (parsed.GetValue(learnFrom) is { } path) forecasters = Taught(forecasters, history.Read(path, parsed, terminal).History, terminal);
        int trained = parsed.GetValue(train) is { } days ? known.Grid.SlotsIn(TimeSpan.FromDays(days)) : (int)(known.Grid.Slots * DefaultShare);
        BacktestSettings settings = new(trained, [.. horizons.Select(h => known.Grid.SlotsIn(h.Length)).Distinct()])
        {
            Stride = (int)(parsed.GetValue(stride) ?? 1),
        };
        IReadOnlyList<SeriesScore> scores = Scores(known, forecasters, settings, draw, terminal);
        if (scores.Count == 0) throw InvalidInputException.Because($"{known.Name}: no slot could be scored.", "the test part is shorter than the horizon.");
        IReadOnlyList<BacktestRow> rows = BacktestTable.Rows(scores, settings);
        if (parsed.GetValue(plot) is { } picture) BacktestChart.Write(picture, known, rows);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, BacktestJson.Document(known, settings, rows));
        else BacktestView.Show(terminal, known, settings, rows);
        return ExitCode.Done;
    }

    private static IReadOnlyList<SeriesScore> Scores(
        DemandHistory known, IDemandForecaster[] forecasters, BacktestSettings settings, HostDraw? draw, Terminal terminal)
    {
        Progress note = new(terminal);
        if (draw is null) return Backtest.Run(known, forecasters, settings, note, terminal.Cancellation);
        HostSums sums = HostSums.Draw(known, draw);
        IDemandForecaster[] taught = [.. forecasters.Select(f => f is AutoForecaster auto ? auto.TrainedOn(known, settings.TrainSlots, terminal.Cancellation) : f)];
        IDemandForecaster[] all =
        [
            .. taught,
            .. taught.Where(f => f.Name == AutoForecaster.MethodName || f is SpreadScaled or RunningQuantile).Select(f => new SumOfQuantiles(f, sums, known)),
        ];
        return Backtest.Run(known, sums.Sums, all, settings, note, terminal.Cancellation);
    }

    private static IDemandForecaster[] Taught(IDemandForecaster[] forecasters, DemandHistory other, Terminal terminal) =>
        [.. forecasters.Select(f => f is IPooledForecaster pooled ? pooled.LearnFrom(other, terminal.Cancellation) : f)];

    private HostDraw? Draw(ParseResult parsed)
    {
        if (parsed.GetValue(hosts) is not { } count) return null;
        string text = parsed.GetValue(hostVms)!;
        string[] parts = text.Split('-');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int least) && least > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most >= least
            ? new HostDraw((int)count, least, most, (int)(parsed.GetValue(seed) ?? 1))
            : throw InvalidInputException.Because($"The numbers of VMs on a host ({text}) are not two numbers such as 8-30.", "a space was put in.");
    }

    private IDemandForecaster[] Forecasters(ParseResult parsed, HostDraw? draw)
    {
        string[] names = parsed.GetValue(methods)?.Split(',') ?? [.. ForecasterCatalogue.Entries.Select(e => e.Name)];
        TreeModel? trees = parsed.GetValue(model) is { } path ? TreeModelFile.Read(path) : null;
        TreeSettings settings = new() { Seed = (int)(parsed.GetValue(seed) ?? 1) };
        bool isJoint = draw is not null && names.Any(n => n is AutoForecaster.MethodName or JointForecaster.MethodName);
        IEnumerable<IDemandForecaster> ofVms = names.Distinct().Where(n => !isJoint || n != JointForecaster.MethodName)
            .Select(n => n == AutoForecaster.MethodName ? new AutoForecaster(trees, settings) : ForecasterCatalogue.Create(n));
        return isJoint ? [.. ofVms, new JointForecaster(draw!, null, settings)] : [.. ofVms];
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
