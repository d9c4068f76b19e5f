using System.Globalization;
using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>How full the hosts are, before and after: the fullest ones, and how many are in use.</summary>
internal static class HostView
{
    private const int Shown = 10;
    private const int ShownDimensions = 4;

    /// <summary>Writes the table.</summary>
    /// <param name="console">Where.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="placement">Where its VMs are.</param>
    /// <param name="costs">What each host costs on a level of the objective: the dearest hosts come first. Null or empty: the fullest do.</param>
    /// <param name="level">That level.</param>
    public static void Write(IAnsiConsole console, ClusterSnapshot cluster, Placement placement, long[]? costs = null, int? level = null)
    {
        bool hasCosts = costs?.Any(c => c != 0) == true;
        PlacementView after = new(cluster, placement);
        PlacementView before = cluster.Vms.All(vm => vm.Start is null) ? after : new(cluster, Placement.StartOf(cluster));
        Row[] rows = [.. after.Hosts
            .Select(host => Row.Of(before, after, host)).OrderByDescending(row => hasCosts ? costs![row.Host.Index] : 0).ThenByDescending(row => row.Fullest)];
        int dimensions = Math.Min(ShownDimensions, cluster.Dimensions.Count);
        Table table = Screen.NumberTable(1,
            ["Host", "VMs", .. cluster.Dimensions.Take(dimensions).Select(d => $"{d.Name} %"), .. hasCosts ? (string[])[$"cost, level {level}"] : []]);
        foreach (Row row in rows.Take(Shown))
        {
            List<Text> cells = [Screen.Plain(NameOf(cluster[row.Host])), Screen.Plain(Change(row.VmsBefore, row.VmsAfter))];
            for (int d = 0; d < dimensions; d++) cells.Add(Screen.Plain(Change(row.Before[d], row.After[d])));
            if (hasCosts) cells.Add(Screen.Plain(Screen.Number(costs![row.Host.Index])));
            table.AddRow(cells);
        }

        int usedBefore = before.Hosts.Count(h => before.VmsOn(h).Count > 0);
        int usedAfter = after.Hosts.Count(h => after.VmsOn(h).Count > 0);
        console.Heading(
            $"Hosts: {Change(usedBefore, usedAfter)} of {Screen.Number(cluster.Hosts.Count)} in use"
            + (rows.Length > Shown ? $"; the {Shown} {(hasCosts ? "dearest" : "fullest")}" : ""));
        console.Write(table);
    }

    private static string NameOf(Host host) => host.State == HostState.Available ? host.Name : $"{host.Name} ({host.State.ToString().ToLowerInvariant()})";

    private static string Change(long before, long after) => before == after ? Number(after) : $"{Number(before)} → {Number(after)}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(HostId Host, int VmsBefore, int VmsAfter, long[] Before, long[] After)
    {
        public long Fullest => After.DefaultIfEmpty().Max();

        public static Row Of(PlacementView before, PlacementView after, HostId host) =>
            new(host, before.VmsOn(host).Count, after.VmsOn(host).Count, PerCent(before, host), PerCent(after, host));

        private static long[] PerCent(PlacementView view, HostId host) =>
            [.. view.Cluster.Dimensions
                .Select((_, d) => view.Cluster[host].Usable(d) is var usable and > 0 ? (100 * view.DemandOn(host, d) + usable / 2) / usable : 0)];
    }
}
