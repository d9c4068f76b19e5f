using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Executing;

/// <summary>Carries a plan out on real hosts.</summary>
internal sealed class ApplyCommand : Verb
{
    private readonly Argument<string> plan = new("PLAN") { Description = "plan to carry out (JSON of virtopt plan)" };
    private readonly InventoryOption inventory = new();
    private readonly ExecutionRun execution = new();
    private readonly Option<bool> resume = new("--resume")
    {
        Description = "go on with a run that was broken off: its journal and the hosts tell what happened",
    };

    /// <summary>Makes the command.</summary>
    public ApplyCommand()
        : base("apply", "Carry a plan out on real hosts: journalled, verified after each action, resumable. Shows what would happen unless --yes is given.")
    {
        plan.Validators.Add(RefuseMistypedOptions);
        Arguments.Add(plan);
        Options.Add(inventory.File);
        Options.Add(inventory.Sample);
        execution.AddTo(this);
        Options.Add(resume);
        Validators.Add(result =>
        {
            if (result.GetResult(resume) is not null && result.GetResult(execution.Yes) is null) result.AddError("--resume acts, so it needs --yes.");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt apply plan.json --inventory hosts.yaml", "look whether every action could begin, and change nothing"),
        new("virtopt apply plan.json --inventory hosts.yaml --yes --max-failures 1", "act, and stop at the first failure"),
        new("virtopt apply plan.json --inventory hosts.yaml --yes --resume", "go on after a crash or a power failure"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string file = parsed.GetRequiredValue(plan);
        HostInventory hosts = inventory.Read(parsed);
        bool mustResume = parsed.GetValue(resume);
        ExecutionPlan? steps = mustResume ? null : ExecutionPlanJson.Read(file);
        foreach (string host in (steps?.Steps ?? []).SelectMany(s => s.Action.Hosts)) hosts.Host(host);
        bool isRehearsal = !parsed.GetValue(execution.Yes);
        (ExecutionReport report, ExecutionReport? back) = isRehearsal
            ? (execution.Rehearse(parsed, hosts, steps!, terminal), null) : Execute(parsed, hosts, steps, file, terminal);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, Document(report, back, isRehearsal));
        else
        {
            ExecutionView.Write(terminal, report, isRehearsal);
            if (back is not null) ExecutionView.Write(terminal, back, isRehearsal: false);
        }

        return report.IsComplete ? ExitCode.Done : terminal.Cancellation.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Infeasible;
    }

    private (ExecutionReport Report, ExecutionReport? Back) Execute(ParseResult parsed, HostInventory hosts, ExecutionPlan? steps, string file,
        Terminal terminal)
    {
        using RunLock held = RunLock.Take(hosts.Source);
        return execution.Execute(
            parsed, hosts, steps, execution.Files(parsed, file), terminal, () => inventory.Collect(parsed, hosts, terminal, asksAgents: true));
    }

    private static JObject Document(ExecutionReport report, ExecutionReport? back, bool isRehearsal)
    {
        JObject document = ExecutionView.Document(report, isRehearsal);
        if (back is not null) document["back"] = ExecutionView.Document(back, isRehearsal: false);
        return document;
    }
}
