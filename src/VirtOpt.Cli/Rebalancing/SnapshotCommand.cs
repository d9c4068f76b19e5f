using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rebalancing;

/// <summary>Reads real hosts into a problem file.</summary>
internal sealed class SnapshotCommand : Verb
{
    private readonly InventoryOption inventory = new();
    private readonly Option<string?> output = new("--output") { Description = "file for the problem (format virtopt)", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    public SnapshotCommand()
        : base("snapshot", "Read hosts and VMs from their hypervisors into a problem that virtopt solve reads.")
    {
        foreach (Option option in (Option[])[inventory.File, inventory.Sample, output]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt snapshot --inventory hosts.yaml --output cluster.json", "what runs where, with the rules of the inventory"),
        new("virtopt snapshot --inventory hosts.yaml --sample 60 --json", "measure for a minute and list what was found, for a program"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string? file = parsed.GetValue(output);
        OutputFile.Check(file, [parsed.GetRequiredValue(inventory.File)]);
        HostInventory hosts = inventory.Read(parsed);
        IReadOnlyList<HostReading> readings = inventory.Collect(parsed, hosts, terminal);
        PlacementProblem problem = SnapshotBuilder.Build(hosts, readings);
        problem.Validate();
        if (file is not null) FormatCatalogue.Named("virtopt").WriteProblem(problem, [file]);
        if (parsed.GetValue(Json)) JsonOut.Write(terminal, Document(problem.Cluster, readings));
        else Show(terminal, problem.Cluster, readings);
        return ExitCode.Done;
    }

    private static void Show(Terminal terminal, ClusterSnapshot cluster, IReadOnlyList<HostReading> readings)
    {
        IAnsiConsole console = Screen.Of(terminal);
        Table table = Screen.NumberTable(2, "host", "CPU model", "CPUs", "CPU used", "memory MiB", "free", "VMs", "bound");
        foreach (HostReading host in readings)
            table.AddRow(
                host.Name,
                host.CpuModel,
                Screen.Number(host.Cpus),
                string.Create(CultureInfo.InvariantCulture, $"{host.CpuMillicores / 10.0 / host.Cpus:0.0} %"),
                Screen.Number(host.MemoryMiB),
                Screen.Number(host.FreeMemoryMiB),
                Screen.Number(host.Vms.Count),
                Screen.Number(cluster.Vms.Count(vm => !vm.Movable && cluster[vm.Start!.Value.Host].Name == host.Name)));
        console.Write(table);
        foreach (VirtualMachine vm in cluster.Vms.Where(vm => !vm.Movable)) console.WriteLine($"{vm.Name} stays: {vm.PinReason}.");
    }

    private static JObject Document(ClusterSnapshot cluster, IReadOnlyList<HostReading> readings) => new()
    {
        ["hosts"] = new JArray(readings.Select(h => new JObject
        {
            ["name"] = h.Name,
            ["cpuModel"] = h.CpuModel,
            ["cpus"] = h.Cpus,
            ["sockets"] = h.Topology.Sockets,
            ["cores"] = h.Topology.Cores,
            ["threads"] = h.Topology.Threads,
            ["mhz"] = h.MHz,
            ["cpuMillicores"] = h.CpuMillicores,
            ["memoryMiB"] = h.MemoryMiB,
            ["freeMemoryMiB"] = h.FreeMemoryMiB,
            ["numa"] = new JArray(h.Numa.Select(n => new JObject { ["cpus"] = n.Cpus, ["memoryMiB"] = n.MemoryMiB, ["hugePagesMiB"] = n.HugePagesMiB })),
            ["pools"] = new JArray(h.Pools.Select(Pool)),
            ["vms"] = new JArray(h.Vms.Select(Vm)),
        })),
        ["bound"] = new JArray(cluster.Vms.Where(vm => !vm.Movable).Select(vm => new JObject { ["vm"] = vm.Name, ["reason"] = vm.PinReason })),
    };

    private static JObject Pool(PoolReading pool) => new()
    {
        ["name"] = pool.Name,
        ["kind"] = pool.Kind,
        ["path"] = pool.Path,
        ["shared"] = pool.IsShared,
        ["freeMiB"] = pool.FreeMiB,
    };

    private static JObject Vm(VmReading vm) => new()
    {
        ["name"] = vm.Name,
        ["uuid"] = vm.Uuid.ToString(),
        ["vcpus"] = vm.Vcpus.Now,
        ["maxVcpus"] = vm.Vcpus.Most,
        ["memoryMiB"] = vm.MemoryMiB,
        ["balloonMiB"] = vm.BalloonMiB,
        ["guestUsedMiB"] = vm.GuestUsedMiB,
        ["cpuMillicores"] = vm.CpuMillicores,
        ["waitMillicores"] = vm.WaitMillicores,
        ["networkKbits"] = vm.NetworkKbits,
        ["diskKiBs"] = vm.DiskKiBs,
        ["localDisks"] = new JArray(vm.LocalDisks.Keys),
        ["bindings"] = new JArray(vm.Bindings),
    };
}
