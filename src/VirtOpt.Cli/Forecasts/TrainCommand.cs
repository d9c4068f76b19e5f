using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>Trains a forecasting model.</summary>
internal sealed class TrainCommand : Verb
{
    private readonly HistoryOptions history = new();
    private readonly Option<string> output = new("--output") { Description = "file for the model", HelpName = "FILE", Required = true };
    private readonly Option<string?> resume = new("--resume")
    {
        Description = "model to go on from: new trees correct it with the newer history, its own stay",
        HelpName = "FILE",
    };

    private readonly Option<double?> days = Numbers.Positive("--train-days", "DAYS", "only the first days of the history (all)", 100_000);
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of rows and trees (1); the same seed and history give the same file", 0,
        int.MaxValue);
    private readonly Option<long?> trees = Numbers.Whole("--trees", "N", "trees for each quantile and band of horizons (120; 20 with --resume)", 1, 10_000);
    private readonly Option<long?> rows = Numbers.Whole("--rows", "N", "rows drawn for each dimension and band of horizons (100000)", 100, 100_000_000);

    /// <summary>Makes the command.</summary>
    public TrainCommand()
        : base("train", "Train the trees of a demand forecast on a history, anew or on top of an earlier model.")
    {
        history.AddTo(this, RefuseMistypedOptions);
        foreach (Option option in (Option[])[output, resume, days, seed, trees, rows]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt train demand.csv --output demand.model", "a model for virtopt forecast --model"),
        new("virtopt train demand.csv --resume demand.model --output tonight.model", "every night a few trees more"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string path = parsed.GetValue(output)!;
        OutputFile.Check(path, [history.PathOf(parsed)]);
        TreeModel? earlier = parsed.GetValue(resume) is { } old ? TreeModelFile.Read(old) : null;
        DemandHistory known = history.Read(parsed, terminal).History;
        int slots = parsed.GetValue(days) is { } most ? Math.Min(known.Grid.Slots, known.Grid.SlotsIn(TimeSpan.FromDays(most))) : known.Grid.Slots;
        TreeSettings defaults = new();
        TreeSettings settings = defaults with
        {
            Seed = (int)(parsed.GetValue(seed) ?? defaults.Seed),
            Trees = (int)(parsed.GetValue(trees) ?? (earlier is null ? defaults.Trees : 20)),
            Rows = (int)(parsed.GetValue(rows) ?? defaults.Rows),
        };
        long start = terminal.Clock.GetTimestamp();
        TreeModel model = TreeModel.Train(known, slots, settings, earlier, terminal.Cancellation);
        double seconds = terminal.Clock.GetElapsedTime(start).TotalSeconds;
        TreeModelFile.Write(path, model);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, Document(known, slots, settings, model, seconds));
        else terminal.Out.WriteLine($"{path}: trained on {Screen.Number(known.Series.Count)} series of {Screen.Number(slots)} slots in {seconds:0.0} s.");
        return ExitCode.Done;
    }

    private static JObject Document(DemandHistory history, int slots, TreeSettings settings, TreeModel model, double seconds) => new()
    {
        ["history"] = history.Name,
        ["series"] = history.Series.Count,
        ["slots"] = slots,
        ["dimensions"] = new JArray(model.Dimensions),
        ["treesPerQuantile"] = model.TreesPerQuantile,
        ["seed"] = settings.Seed,
        ["seconds"] = Math.Round(seconds, 3),
    };
}
