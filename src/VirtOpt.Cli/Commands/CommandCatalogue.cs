using VirtOpt.Cli.Benchmarking;
using VirtOpt.Cli.Forecasts;
using VirtOpt.Cli.Monitoring;
using VirtOpt.Cli.Plans;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rebalancing;
using VirtOpt.Cli.Rightsizing;
using VirtOpt.Cli.Simulating;

namespace VirtOpt.Cli.Commands;

/// <summary>All commands, one line each: a new one is its file and a line here.</summary>
internal static class CommandCatalogue
{
    /// <summary>New instances of all commands, in the order of the help text.</summary>
    public static IEnumerable<Verb> Verbs() =>
    [
        new SolveCommand(),
        new CheckCommand(),
        new ExplainCommand(),
        new PlanCommand(),
        new CheckPlanCommand(),
        new SimulatePlanCommand(),
        new SimulateCommand(),
        new ForecastCommand(),
        new BacktestCommand(),
        new TrainCommand(),
        new ConvertCommand(),
        new GenerateCommand(),
        new SnapshotCommand(),
        new MonitorCommand(),
        new HistoryCommand(),
        new RightsizeCommand(),
        new ApplyCommand(),
        new RebalanceCommand(),
        new BenchCommand(),
        new FormatsCommand(),
        new ConstraintsCommand(),
        new ObjectivesCommand(),
    ];
}
