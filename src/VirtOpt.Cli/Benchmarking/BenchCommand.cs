using System.CommandLine;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>Runs a suite and keeps its ledger.</summary>
internal sealed class BenchCommand : Verb
{
    private readonly Argument<string> suite = new("SUITE") { Description = "file of the suite; benchmarks/suites/README.md describes it" };
    private readonly Option<string> output = new("--output") { Description = "folder for the ledger and the plots", HelpName = "DIR", Required = true };
    private readonly Option<string?> data = new("--data")
    {
        Description = "folder of public data, in which the inputs are looked for first [default: where VIRTOPT_DATA points]",
        HelpName = "DIR",
    };
    private readonly Option<string[]> instance = new("--instance")
    {
        Description = "only instances of this name, * and ? as usual; may be given several times",
        HelpName = "NAME",
    };
    private readonly Option<long?> timeLimit = Numbers.Whole("--time-limit", "SECONDS", "time limit of each run instead of the suite's", 1, 10_000_000);
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of each run instead of the suite's", 0, int.MaxValue);
    private readonly Option<long?> threads = Numbers.Whole("--threads", "N", "threads of each run instead of the suite's", 1, 1024);
    private readonly Option<bool> again = new("--again") { Description = "repeat runs that are in the ledger already" };
    private readonly Option<bool> plotsOnly = new("--plots-only") { Description = "run nothing; write page and plots anew from the files of the ledger" };

    /// <summary>Makes the command.</summary>
    public BenchCommand()
        : base("bench", "Run a suite of instances, seeds and time limits, check every result, and write a ledger with plots.")
    {
        suite.Validators.Add(RefuseMistypedOptions);
        Arguments.Add(suite);
        foreach (Option option in (Option[])[output, data, instance, timeLimit, seed, threads, again, plotsOnly]) Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(again) is not null && result.GetResult(plotsOnly) is not null) result.AddError("--again and --plots-only exclude each other.");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt bench benchmarks/suites/synthetic.json --output ledger", "run a suite that needs no data; a second time it runs what is missing"),
        new("virtopt bench benchmarks/suites/roadef.json --data data --output ledger --instance a1_* --time-limit 60", "a part of a suite over public data"),
        new("virtopt bench benchmarks/suites/roadef.json --output ledger --plots-only", "draw the plots again from the files of the ledger"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string path = parsed.GetRequiredValue(suite);
        string folder = parsed.GetRequiredValue(output);
        Suite read = SuiteFile.Read(path);
        OutputFile.MakeFolder(folder);
        LedgerFiles ledger = new(folder, read);
        string? source = DataFolder(parsed);
        SuiteRunner runner = new(read, new SuiteData(path, source), ledger);
        IReadOnlyList<PlannedRun> plan = parsed.GetValue(plotsOnly) ? [] : runner.Plan(ChoiceOf(parsed), parsed.GetValue(again));
        SuiteOutcome outcome = SuiteProgress.Track(terminal, plan, parsed.GetValue(Json), progress => runner.Run(plan, terminal, progress));
        IReadOnlyList<string> files = WriteFiles(read, ledger, folder, CommandOf(path, folder, read), withPlots: !outcome.IsCancelled);
        if (parsed.GetValue(Json)) SuiteView.WriteJson(terminal, read, outcome, files);
        else SuiteView.Write(terminal, outcome, files);
        if (outcome.IsCancelled) return ExitCode.Cancelled;
        return outcome.Done.Any(row => row.Violations > 0) ? ExitCode.Infeasible : ExitCode.Done;
    }

    private RunChoice ChoiceOf(ParseResult parsed) => new()
    {
        Instances = parsed.GetValue(instance) ?? [],
        Seeds = parsed.GetValue(seed) is { } one ? [one] : [],
        TimeLimits = parsed.GetValue(timeLimit) is { } limit ? [limit] : [],
        Threads = parsed.GetValue(threads),
    };

    private string? DataFolder(ParseResult parsed)
    {
        if (parsed.GetValue(data) is not { } named) return Environment.GetEnvironmentVariable("VIRTOPT_DATA") is { Length: > 0 } usual ? usual : null;
        return Directory.Exists(named) ? named : throw InvalidInputException.Because(
            $"The value ({named}) of --data is not a folder that exists.", "it is mistyped, or the data has yet to be fetched: see datasets/README.md.");
    }

    private static string[] WriteFiles(Suite suite, LedgerFiles ledger, string folder, string command, bool withPlots)
    {
        PlotFiles plots = new(folder, suite);
        string page = Path.Combine(folder, $"{suite.Name}.md");
        new LedgerPage(suite, ledger, command, plots.Folder).Write(page);
        string[] files = [.. ((string[])[ledger.RowPath, ledger.CurvePath]).Where(File.Exists), page];
        return withPlots ? [.. files, .. plots.Write(ledger)] : files;
    }

    /// <summary>The command as the page shows it. Paths that are whole name folders of one machine only, so they are cut short.</summary>
    private static string CommandOf(string suite, string folder, Suite read)
    {
        static string Short(string path) => (Path.IsPathRooted(path) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) : path).Replace('\\', '/');
        string data = read.Cases.Any(c => c.Input.Count > 0) ? " --data DIR" : "";
        return $"virtopt bench {Short(suite)}{data} --output {Short(folder)}";
    }
}
