using System.CommandLine;

namespace VirtOpt.Cli.Executing;

/// <summary>The options of commands that carry plans out, and the run itself.</summary>
internal sealed class ExecutionRun
{
    private const double DefaultTolerance = 20;

    /// <summary>Act.</summary>
    public Option<bool> Yes { get; } = new("--yes") { Description = "act; else only what would happen is looked at and shown" };

    private readonly Option<string?> journal = new("--journal") { Description = "file in which every action is written before it begins", HelpName = "FILE" };
    private readonly Option<string?> audit = new("--audit") { Description = "file to which a line for each action is added", HelpName = "FILE" };
    private readonly Option<string?> migrations = new("--migrations")
    {
        Description = "file to which measured migrations are added, for virtopt plan --history [default: migrations.csv beside the plan]",
        HelpName = "FILE",
    };

    private readonly Option<long?> attempts = Numbers.Whole("--attempts", "N", "most times that an action is begun [default: 3]", 1, 100);
    private readonly Option<long?> failures = Numbers.Whole("--max-failures", "N", "failed actions after which no other begins [default: 3]", 1, 1_000_000);
    private readonly Option<double?> spacing = Numbers.Positive("--spacing", "SECONDS", "least time between the begins of two actions", 86_400);
    private readonly Option<double?> within = Numbers.Positive("--within", "SECONDS", "begin no action that would end later than this from now", 1e7);
    private readonly Option<string?> window = new("--window")
    {
        Description = "stretch of the day, in local time, in which actions run; none begins that would end after it",
        HelpName = "HH:MM-HH:MM",
    };

    private readonly Option<double?> tolerance = Numbers.Positive(
        "--tolerance", "PERCENT", $"how much worse than promised CPU and memory of a host may be after a wave [default: {DefaultTolerance}]", 1000);

    private readonly Option<bool> rollback = new("--rollback") { Description = "move VMs back if the plan fails on the way" };

    /// <summary>Adds the options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFiles">Whether the user says where the journal is.</param>
    /// <param name="withWaves">Whether its plans may have waves.</param>
    public void AddTo(Command command, bool withFiles = true, bool withWaves = true)
    {
        foreach (Option option in (Option[])[Yes, attempts, failures, spacing, within, window]) command.Options.Add(option);
        if (withWaves) foreach (Option option in (Option[])[tolerance, rollback]) command.Options.Add(option);
        window.Validators.Add(result =>
        {
            if (result.GetValue(window) is { } text && MaintenanceWindow.Parse(text) is null)
                result.AddError(
                    $"The value ({text}) of --window is not a stretch of a day such as 22:00-04:00.\nMaybe hours were written with one digit: 04:00.");
        });
        if (withFiles) foreach (Option option in (Option[])[journal, audit]) command.Options.Add(option);
        if (withFiles && withWaves) command.Options.Add(migrations);
    }

    /// <summary>The files of a plan, where the user wants them.</summary>
    public ExecutionFiles Files(ParseResult parsed, string plan)
    {
        ExecutionFiles usual = ExecutionFiles.Of(plan);
        return usual with
        {
            Journal = parsed.GetValue(journal) ?? usual.Journal,
            Audit = parsed.GetValue(audit) ?? usual.Audit,
            Migrations = parsed.GetValue(migrations) ?? usual.Migrations,
        };
    }

    /// <summary>Looks what would happen.</summary>
    public ExecutionReport Rehearse(ParseResult parsed, HostInventory inventory, ExecutionPlan plan, Terminal terminal)
    {
        using LibvirtHypervisor hypervisor = new(inventory, terminal.Clock);
        return new PlanExecutor(hypervisor, Options(parsed, inventory, terminal)).Rehearse("rehearsal", plan);
    }

    /// <summary>Carries a plan out.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="inventory">The hosts.</param>
    /// <param name="plan">The plan; null to go on with the run of the journal.</param>
    /// <param name="files">The files.</param>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="read">Reads the hosts, for the checks between waves; null if there are none.</param>
    /// <param name="before">The hosts as they were when the plan was made; null to read them before the first action of a plan that has checks.</param>
    /// <returns>What became of it, and of the way back if it was taken.</returns>
    public (ExecutionReport Report, ExecutionReport? Back) Execute(
        ParseResult parsed, HostInventory inventory, ExecutionPlan? plan, ExecutionFiles files, Terminal terminal,
        Func<IReadOnlyList<HostReading>>? read = null, IReadOnlyList<HostReading>? before = null)
    {
        string who = $"{Environment.GetEnvironmentVariable("SUDO_USER") ?? Environment.UserName}@{Environment.MachineName}";
        AuditLog log = new(files.Audit, who, $"virtopt {parsed.CommandResult.Command.Name} {files.Plan}");
        using LibvirtHypervisor hypervisor = new(inventory, terminal.Clock);
        ExecutionOptions options = Options(parsed, inventory, terminal);
        JournaledRun journaled = new(files, terminal, inventory.Migration, steps =>
            new PlanExecutor(hypervisor, options with { Verify = Verify(parsed, steps, read, before) }, log));
        return plan is null ? journaled.Resume(parsed.GetValue(rollback)) : journaled.Execute(plan, parsed.GetValue(rollback));
    }

    private Func<IReadOnlyList<string>>? Verify(
        ParseResult parsed, ExecutionPlan plan, Func<IReadOnlyList<HostReading>>? read, IReadOnlyList<HostReading>? before)
    {
        if (read is null || plan.Steps.All(s => s.Action.Kind != ActionKind.Check)) return null;
        WaveCheck check = new(before ?? read(), parsed.GetValue(tolerance) ?? DefaultTolerance);
        return () => check.Complaints(read());
    }

    private ExecutionOptions Options(ParseResult parsed, HostInventory inventory, Terminal terminal)
    {
        Lock gate = new();
        return new ExecutionOptions
        {
            Clock = terminal.Clock,
            Hosts = [.. inventory.Hosts.Select(h => h.Name)],
            MostAttempts = (int)(parsed.GetValue(attempts) ?? 3),
            MostFailures = (int)(parsed.GetValue(failures) ?? 3),
            Spacing = TimeSpan.FromSeconds(parsed.GetValue(spacing) ?? 0),
            Until = parsed.GetValue(within) is { } seconds ? terminal.Clock.GetUtcNow().AddSeconds(seconds) : null,
            Window = parsed.GetValue(window) is { } text ? MaintenanceWindow.Parse(text) : null,
            LabelsOfHost = inventory.Hosts.ToDictionary(h => h.Name, h => h.Labels, StringComparer.Ordinal),
            Watch = (point, action, text) =>
            {
                if (point is not (ExecutionPoint.Begun or ExecutionPoint.Ended) && !(point == ExecutionPoint.Progress && terminal.IsErrorTerminal)) return;
                lock (gate) terminal.Error.WriteLine(
                    $"virtopt: {(point == ExecutionPoint.Ended ? "end of" : "at")} {action}{(text.Length > 0 ? ": " : "")}{text}");
            },
        };
    }
}
