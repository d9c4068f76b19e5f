using System.Globalization;
using CsvHelper;

namespace VirtOpt;

/// <summary>Writes the CSV pair.</summary>
internal static class CsvWriting
{
    public static CsvWriter Open(Stream stream) => CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);

    public static void Row(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (string field in fields) csv.WriteField(field);
        csv.EndRecord();
    }

    /// <summary>Refuses problems that the pair cannot hold.</summary>
    public static void Refuse(PlacementProblem problem)
    {
        ClusterSnapshot cluster = problem.Cluster;
        string? reason = true switch
        {
            _ when cluster.Hosts.Any(h => h.NumaNodes.Count > 0 || h.Gpus.Count > 0) => "NUMA nodes or GPUs",
            _ when cluster.Hosts.Any(h => h.Power is not null) => "power curves",
            _ when cluster.Vms.Any(v => v.Reservation.Count > 0) => "reservations",
            _ when !Rules(problem).All(IsPlain) => "rules other than plain hard ones",
            _ => null,
        };
        if (reason is not null) throw InvalidInputException.Because($"The format (csv) cannot hold {reason}.", $"({VirtOptJson.FormatName}) was meant.");
    }

    public static void Hosts(ClusterSnapshot cluster, Stream stream)
    {
        using CsvWriter csv = Open(stream);
        string[] scopes = [.. cluster.Hosts.SelectMany(h => h.Labels.Keys).Distinct(StringComparer.Ordinal)];
        Row(csv,
        [
            CsvColumns.Name, .. cluster.Dimensions.Select(d => d.ToString()), .. cluster.Dimensions.Select(d => CsvColumns.Reserve + d),
            .. cluster.Dimensions.Select(d => $"{CsvColumns.Overcommit}{d.Name} [%]"), CsvColumns.State, CsvColumns.Price, CsvColumns.HostGroups,
            .. scopes.Select(s => s is "rack" or "zone" ? s : CsvColumns.Label + s),
        ]);
        ILookup<int, string> groups = cluster.HostGroups.SelectMany(g => g.Members.Select(m => (m.Index, g.Name))).ToLookup(m => m.Index, m => m.Name);
        for (int h = 0; h < cluster.Hosts.Count; h++)
        {
            Host host = cluster.Hosts[h];
            Row(csv,
            [
                host.Name, .. Amounts(cluster, host.Capacity, 0), .. Amounts(cluster, host.Reserve, 0), .. Amounts(cluster, host.OvercommitPercent, 100),
                RuleWriter.Lower(host.State), Text(host.Price), string.Join('|', groups[h]), .. scopes.Select(s => host.Labels.GetValueOrDefault(s, "")),
            ]);
        }
    }

    public static void Vms(PlacementProblem problem, Stream stream)
    {
        ClusterSnapshot cluster = problem.Cluster;
        using CsvWriter csv = Open(stream);
        string[] rules = [CsvColumns.AntiAffinity, CsvColumns.Affinity, CsvColumns.Fence, CsvColumns.Ban];
        Row(csv,
        [
            CsvColumns.Name, .. cluster.Dimensions.Select(d => d.ToString()), CsvColumns.Host, CsvColumns.Movable, CsvColumns.MigrationCost,
            CsvColumns.Priority, .. rules,
        ]);
        ILookup<(int Vm, string Rule), string> items = Rules(problem).SelectMany(Items).ToLookup(i => (i.Vm.Index, i.Rule), i => i.Item);
        for (int v = 0; v < cluster.Vms.Count; v++)
        {
            VirtualMachine vm = cluster.Vms[v];
            Row(csv,
            [
                vm.Name, .. Amounts(cluster, vm.Demand, 0), vm.Start is { } start ? cluster[start.Host].Name : "", vm.Movable ? "yes" : "no",
                Text(vm.MigrationCost), Text(vm.Priority), .. rules.Select(r => string.Join('|', items[(v, r)])),
            ]);
        }
    }

    private static IEnumerable<Constraint> Rules(PlacementProblem problem) =>
        problem.Constraints.Where(c => c != new Capacity() && c != new HostAvailability());

    private static bool IsPlain(Constraint rule) => rule.Soft is null && rule switch
    {
        AntiAffinity a => a is { Scope: Scope.Host, Max: 1 },
        Affinity a => a.Scope == Scope.Host,
        Capacity or HostAvailability or Fence or Ban => true,
        _ => false,
    };

    private static IEnumerable<(VmId Vm, string Rule, string Item)> Items(Constraint rule) => rule switch
    {
        AntiAffinity a => a.Group.Members.Select(vm => (vm, CsvColumns.AntiAffinity, Item(a.Group, CsvColumns.AntiAffinity))),
        Affinity a => a.Group.Members.Select(vm => (vm, CsvColumns.Affinity, Item(a.Group, CsvColumns.Affinity))),
        Fence f => f.Group.Members.Select(vm => (vm, CsvColumns.Fence, f.Hosts.Name)),
        Ban b => b.Group.Members.Select(vm => (vm, CsvColumns.Ban, b.Hosts.Name)),
        _ => [],
    };

    private static string Item(VmGroup group, string rule) =>
        group.Name.StartsWith(rule + " ", StringComparison.Ordinal) ? group.Name[(rule.Length + 1)..] : group.Name;

    private static IEnumerable<string> Amounts(ClusterSnapshot cluster, ResourceVector amounts, long fallback) =>
        Enumerable.Range(0, cluster.Dimensions.Count).Select(d => Text(amounts.Count == 0 ? fallback : amounts[d]));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
