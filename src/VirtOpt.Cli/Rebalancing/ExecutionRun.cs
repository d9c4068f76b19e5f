using System.CommandLine;
using System.Globalization;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>The options of commands that carry plans out, and the run itself.</summary>
internal sealed class ExecutionRun
{
    /// <summary>Act.</summary>
    public Option<bool> Yes { get; } = new("--yes") { Description = "act; else only what would happen is looked at and shown" };

    private readonly Option<string?> journal = new("--journal") { Description = "file in which every action is written before it begins", HelpName = "FILE" };
    private readonly Option<string?> audit = new("--audit") { Description = "file to which a line for each action is added", HelpName = "FILE" };
    private readonly Option<long?> attempts = Numbers.Whole("--attempts", "N", "most times that an action is begun [default: 3]", 1, 100);
    private readonly Option<long?> failures = Numbers.Whole("--max-failures", "N", "failed actions after which no other begins [default: 3]", 1, 1_000_000);
    private readonly Option<double?> spacing = Numbers.Positive("--spacing", "SECONDS", "least time between the begins of two actions", 86_400);
    private readonly Option<double?> within = Numbers.Positive("--within", "SECONDS", "begin no action that would end later than this from now", 1e7);
    private readonly Option<string?> window = new("--window")
    {
        Description = "stretch of the day, in local time, in which actions run; none begins that would end after it",
        HelpName = "HH:MM-HH:MM",
    };

    private readonly Option<bool> rollback = new("--rollback") { Description = "move VMs back if the plan fails on the way" };

    /// <summary>Adds the options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFiles">Whether the user says where the journal is.</param>
    public void AddTo(Command command, bool withFiles = true)
    {
        foreach (Option option in (Option[])[Yes, attempts, failures, spacing, within, window, rollback]) command.Options.Add(option);
        window.Validators.Add(result =>
        {
            if (result.GetValue(window) is { } text && MaintenanceWindow.Parse(text) is null)
                result.AddError($"The value ({text}) of --window is not a stretch of a day such as 22:00-04:00.\nMaybe hours were written with one digit: 04:00.");
        });
        if (!withFiles) return;
        command.Options.Add(journal);
        command.Options.Add(audit);
    }

    /// <summary>The files of a plan, where the user wants them.</summary>
    public ExecutionFiles Files(ParseResult parsed, string plan) =>
        new(plan, parsed.GetValue(journal) ?? $"{plan}.journal", parsed.GetValue(audit) ?? $"{plan}.audit.jsonl");

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
    /// <param name="verify">Looks between two waves; null for no look.</param>
    /// <returns>What became of it, and of the way back if it was taken.</returns>
    public (ExecutionReport Report, ExecutionReport? Back) Execute(
        ParseResult parsed, HostInventory inventory, ExecutionPlan? plan, ExecutionFiles files, Terminal terminal, Func<IReadOnlyList<string>>? verify = null)
    {
        string who = $"{Environment.GetEnvironmentVariable("SUDO_USER") ?? Environment.UserName}@{Environment.MachineName}";
        AuditLog log = new(files.Audit, who, $"virtopt {parsed.CommandResult.Command.Name} {files.Plan}");
        using LibvirtHypervisor hypervisor = new(inventory, terminal.Clock);
        PlanExecutor executor = new(hypervisor, Options(parsed, inventory, terminal) with { Verify = verify }, log);
        string run = terminal.Clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        ExecutionReport report = plan is null ? Resume(executor, files.Journal, out plan, terminal) : Begin(executor, files.Journal, run, plan, terminal);
        bool mustGoBack = parsed.GetValue(rollback) && report.Steps.Any(s => s.Outcome == StepOutcome.Failed) && !terminal.Cancellation.IsCancellationRequested;
        HashSet<int> done = [.. report.Steps.Where(s => s.IsDone).Select(s => s.Action.Id)];
        return (report, mustGoBack ? Begin(executor, $"{files.Journal}.back", $"{run}-back", plan.Back(done), terminal) : null);
    }

    private static ExecutionReport Begin(PlanExecutor executor, string path, string run, ExecutionPlan plan, Terminal terminal)
    {
        Journal.SetAside(path);
        using Journal opened = Journal.Create(path, run, plan);
        return executor.Execute(run, plan, opened, terminal.Cancellation);
    }

    private static ExecutionReport Resume(PlanExecutor executor, string path, out ExecutionPlan plan, Terminal terminal)
    {
        using Journal opened = Journal.Resume(path, out JournalReplay replay);
        plan = replay.Plan;
        return executor.Resume(replay, opened, terminal.Cancellation);
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

/// <summary>Where a run writes.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Journal">Its journal.</param>
/// <param name="Audit">The audit log, to which it adds.</param>
internal sealed record ExecutionFiles(string Plan, string Journal, string Audit);
