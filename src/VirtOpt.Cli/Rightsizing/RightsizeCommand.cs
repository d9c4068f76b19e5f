using System.CommandLine;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Monitoring;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rightsizing;

/// <summary>Recommends sizes of VMs from their history, and gives them these sizes when asked.</summary>
internal sealed class RightsizeCommand : Verb
{
    private const double DefaultDays = 14;
    private const double DefaultStep = 300;
    private const long DefaultSamples = 12;
    private readonly InventoryOption inventory = new();
    private readonly StoreOption store = new();
    private readonly ExecutionRun execution = new();
    private readonly Option<string?> policy = new("--policy")
    {
        Description = "how a need follows from history: demand, performance or latency [default: each VM's need in the inventory]",
        HelpName = "HOW",
    };

    private readonly Option<double?> days = Numbers.Positive("--days", "DAYS", $"how far back history is looked at [default: {DefaultDays}]", 3650);
    private readonly Option<double?> step = Numbers.Positive("--step", "SECONDS", $"time from value to value of the history [default: {DefaultStep}]", 86_400);
    private readonly Option<long?> least = Numbers.Whole("--min-samples", "N", $"values below which nothing is said of a VM [default: {DefaultSamples}]", 1,
        1_000_000);
    private readonly Option<string[]> vms = new("--vm")
    {
        Description = "only VMs of this name; * stands for any characters; may be repeated",
        HelpName = "NAME",
    };

    /// <summary>Makes the command.</summary>
    public RightsizeCommand()
        : base(
            "rightsize",
            "Recommend virtual CPUs, memory, CPU shares and disk weights from the history of virtopt monitor; --yes gives them to the running VMs.")
    {
        policy.AcceptOnlyFromAmong("demand", "performance", "latency");
        foreach (Option option in (Option[])[inventory.File, inventory.Sample, store.File, policy, days, step, least, vms]) Options.Add(option);
        execution.AddTo(this, withWaves: false);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt rightsize --inventory hosts.yaml --store usage.db", "which VMs are too big or too small, and why"),
        new("virtopt rightsize --inventory hosts.yaml --store usage.db --policy latency --vm web-* --json", "for some VMs, with headroom, for a program"),
        new("virtopt rightsize --inventory hosts.yaml --store usage.db --yes --window 22:00-04:00", "change the running VMs, at night"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        HostInventory hosts = inventory.Read(parsed);
        bool mustAct = parsed.GetValue(execution.Yes);
        using RunLock? held = mustAct ? RunLock.Take(hosts.Source) : null;
        HistoryOfVms history = Read(parsed, terminal);
        IReadOnlyList<HostReading> readings = inventory.Collect(parsed, hosts, terminal);
        List<(string Host, SizeAdvice Advice)> advice = Advise(parsed, hosts, readings, history, terminal);
        ExecutionReport? report = mustAct ? Act(parsed, hosts, advice, terminal) : null;
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, RightsizeView.Document(advice, report));
        else RightsizeView.Write(terminal, advice, report);
        return report is null or { IsComplete: true } ? ExitCode.Done : terminal.Cancellation.IsCancellationRequested ? ExitCode.Cancelled
            : ExitCode.Infeasible;
    }

    private List<(string Host, SizeAdvice Advice)> Advise(
        ParseResult parsed, HostInventory hosts, IReadOnlyList<HostReading> readings, HistoryOfVms history, Terminal terminal)
    {
        RightSizer[] sizers = [.. Enum.GetValues<SizingPolicy>().Order().Select(p => new RightSizer(p, (int)(parsed.GetValue(least) ?? DefaultSamples)))];
        NamePatterns wanted = new("", parsed.GetValue(vms) is { Length: > 0 } names ? names : ["*"]);
        using LibvirtHypervisor hypervisor = new(hosts, terminal.Clock);
        return
        [
            .. readings.SelectMany(host => host.Vms.Where(vm => !vm.IsPaused && wanted.Holds(vm.Name)).Select(vm => (host.Name, Vm: vm)))
                .OrderBy(v => v.Vm.Name, StringComparer.Ordinal)
                .Select(v => (v.Name, sizers[(int)PolicyOf(v.Vm.Name)].Advise(history.Of(v.Vm, hypervisor.SizeOf(v.Name, v.Vm.Name))))),
        ];

        SizingPolicy PolicyOf(string vm) =>
            parsed.GetValue(policy) is { } word ? Enum.Parse<SizingPolicy>(word, ignoreCase: true) : (SizingPolicy)(int)hosts.NeedOf(vm);
    }

    private ExecutionReport Act(ParseResult parsed, HostInventory hosts, List<(string Host, SizeAdvice Advice)> advice, Terminal terminal)
    {
        ExecutionStep[] steps =
        [
            .. advice.Where(a => !a.Advice.Change.IsEmpty).Select((a, i) => new ExecutionStep(
                new HypervisorAction(i + 1, ActionKind.Resize, a.Advice.Usage.Name, a.Host, null) { Size = a.Advice.Change }, [], Seconds: 1)),
        ];
        ExecutionPlan plan = new(hosts.Name, steps, new PlanLimits());
        return execution.Execute(parsed, hosts, plan, execution.Files(parsed, $"{hosts.Source}.rightsize"), terminal).Report;
    }

    private HistoryOfVms Read(ParseResult parsed, Terminal terminal)
    {
        using UsageStore opened = UsageStore.OpenRead(parsed.GetRequiredValue(store.File));
        DateTimeOffset end = terminal.Clock.GetUtcNow();
        TimeSpan every = TimeSpan.FromSeconds(Math.Max(1, Math.Round(parsed.GetValue(step) ?? DefaultStep)));
        DateTimeOffset begin = end.AddDays(-(parsed.GetValue(days) ?? DefaultDays));
        if (opened.Reader().Span() is { } span && span.From > begin) begin = span.From;
        return HistoryOfVms.Read(opened.Reader(), new UsageQuery(UsageMetric.Cpu, begin, end.AddSeconds(1), every));
    }
}
