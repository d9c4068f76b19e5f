using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

/// <summary>
/// Replays a plan against the instance that it was made for, from the two files alone: shares nothing with importer, planner and checker. At every moment VMs
/// that move count at both ends, resources that grow count from the begin of the action, those that shrink until its end.
/// </summary>
internal sealed class BtrplaceReplay
{
    private readonly JObject instance;
    private readonly JToken[] actions;
    private readonly Dictionary<int, HashSet<int>> hostsOf = [];
    private readonly Dictionary<int, HashSet<int>> vmsOn = [];
    private readonly Dictionary<string, JToken> views;
    private readonly Dictionary<(int Vm, string Resource), long> demand = [];
    private readonly Dictionary<(int Node, string Resource), double> ratio = [];
    private readonly Dictionary<int, bool> isOn = [];
    private readonly HashSet<int> ready;
    private readonly List<string> faults = [];
    private readonly ILookup<int, JToken> continuousOf;

    private BtrplaceReplay(JObject instance, JObject plan)
    {
        this.instance = instance;
        actions = [.. plan["actions"]!];
        JToken mapping = instance["model"]!["mapping"]!;
        ready = [.. mapping["readyVMs"]!.Values<int>()];
        views = instance["model"]!["views"]!.Where(v => Text(v, "id") == "shareableResource").ToDictionary(v => Text(v, "rcId"));
        foreach (JProperty node in ((JObject)mapping["onlineNodes"]!).Properties())
        {
            isOn[int.Parse(node.Name, null)] = true;
            foreach (int vm in node.Value["runningVMs"]!.Values<int>()) Put(vm, int.Parse(node.Name, null));
        }

        foreach (int node in mapping["offlineNodes"]!.Values<int>()) isOn[node] = false;
        foreach (JToken overbook in Constraints("overbook")) ratio[(Number(overbook, "node"), Text(overbook, "rc"))] = overbook["ratio"]!.Value<double>();
        continuousOf = instance["constraints"]!.Where(c => c["continuous"]?.Value<bool>() == true && c["vms"] is not null)
            .SelectMany(c => c["vms"]!.Values<int>().Select(vm => (vm, c))).ToLookup(x => x.vm, x => x.c);
    }

    /// <summary>What is wrong with a plan; nothing for a good one.</summary>
    public static IReadOnlyList<string> Faults(JObject instance, JObject plan) => new BtrplaceReplay(instance, plan).Run();

    private List<string> Run()
    {
        Dictionary<int, JToken> byId = actions.ToDictionary(a => Number(a, "id"));
        foreach (JToken action in actions)
            foreach (int before in action["after"]!.Values<int>())
                if (Number(byId[before], "end") > Number(action, "start")) faults.Add($"action {action["id"]} does not wait for {before}");
        foreach ((_, int kind, JToken action) in actions.SelectMany(a => new[] { (Number(a, "start"), 1, a), (Number(a, "end"), 0, a) })
            .OrderBy(e => e.Item1).ThenBy(e => e.Item2))
            if (kind == 1) Begin(action);
            else End(action);
        JudgeEnd();
        return faults;
    }

    private void Begin(JToken action)
    {
        int? vm = action["vm"]?.Value<int>();
        int? to = action["to"]?.Value<int>();
        switch (Text(action, "kind"))
        {
            case "migrate":
                if (!Hosts(vm!.Value).SetEquals([Number(action, "from")])) faults.Add($"VM {vm} does not leave from where it is");
                break;
            case "boot":
                if (!ready.Remove(vm!.Value)) faults.Add($"VM {vm} is booted but is not ready");
                break;
            case "shutdown":
                if (!Hosts(vm!.Value).SetEquals([Number(action, "from")])) faults.Add($"VM {vm} is shut down where it is not");
                break;
            case "resize":
                string resource = Text(action, "resource");
                demand[(vm!.Value, resource)] = Math.Max(Demand(vm.Value, resource), Number(action, "amount"));
                foreach (int host in Hosts(vm.Value)) JudgeNode(host, action);
                break;
            case "shutdownHost":
                if (vmsOn.TryGetValue(Number(action, "host"), out HashSet<int>? there) && there.Count > 0) faults.Add($"node {action["host"]} is not empty");
                isOn[Number(action, "host")] = false;
                break;
            case "bootHost":
                if (isOn[Number(action, "host")]) faults.Add($"node {action["host"]} is on already");
                break;
            default:
                faults.Add($"kind {action["kind"]} is unknown");
                break;
        }

        if (to is not { } target) return;
        if (!isOn[target]) faults.Add($"VM {vm} comes to node {target}, which is off");
        Put(vm!.Value, target);
        JudgeNode(target, action);
        JudgeContinuous(vm.Value);
    }

    private void End(JToken action)
    {
        switch (Text(action, "kind"))
        {
            case "migrate" or "shutdown":
                Hosts(Number(action, "vm")).Remove(Number(action, "from"));
                vmsOn[Number(action, "from")].Remove(Number(action, "vm"));
                if (Text(action, "kind") == "shutdown") ready.Add(Number(action, "vm"));
                break;
            case "resize":
                demand[(Number(action, "vm"), Text(action, "resource"))] = Number(action, "amount");
                break;
            case "bootHost":
                isOn[Number(action, "host")] = true;
                break;
        }
    }

    private void JudgeNode(int node, object when)
    {
        foreach (string resource in views.Keys)
        {
            double capacity = Of(views[resource], "nodes", node, "defCapacity") * ratio.GetValueOrDefault((node, resource), 1);
            long load = vmsOn.GetValueOrDefault(node, []).Sum(vm => Demand(vm, resource));
            if (load > capacity + 1e-6) faults.Add($"node {node} holds {load} of {resource}, it has {capacity} ({when})");
        }
    }

    private void JudgeContinuous(int vm)
    {
        foreach (JToken rule in continuousOf[vm])
            if (!Holds(rule)) faults.Add($"{Text(rule, "id")} of {rule["vms"]} is broken on the way");
    }

    private bool Holds(JToken rule)
    {
        IEnumerable<int> all = rule["vms"]?.Values<int>() ?? (rule["vm"] is { } one ? [one.Value<int>()] : []);
        int[] vms = [.. all.Where(vm => Hosts(vm).Count > 0)];
        int[] hosts = [.. vms.SelectMany(Hosts)];
        int[] nodes = [.. rule["nodes"]?.Values<int>() ?? []];
        long On(Func<int, long> amount) => nodes.SelectMany(n => vmsOn.GetValueOrDefault(n, [])).Sum(amount);
        return Text(rule, "id") switch
        {
            "spread" => hosts.Distinct().Count() == hosts.Length,
            "gather" => hosts.Distinct().Count() <= 1,
            "among" => hosts.Length == 0 || rule["parts"]!.Any(part => part.Values<int>().ToHashSet().IsSupersetOf(hosts)),
            "fence" => hosts.All(nodes.Contains),
            "ban" => !hosts.Any(nodes.Contains),
            "resourceCapacity" => On(vm => Demand(vm, Text(rule, "rc"))) <= Number(rule, "amount"),
            "runningCapacity" => On(_ => 1) <= Number(rule, "amount"),
            "preserve" => vms.All(vm => Demand(vm, Text(rule, "rc")) >= Number(rule, "amount")),
            "root" => actions.All(a => a["vm"]?.Value<int>() != Number(rule, "vm") || Text(a, "kind") == "resize"),
            "running" => Hosts(Number(rule, "vm")).Count == 1,
            "ready" or "killed" => Hosts(Number(rule, "vm")).Count == 0,
            "online" => isOn[Number(rule, "node")],
            "offline" => !isOn[Number(rule, "node")],
            "overbook" or "sleeping" => true, // Part of the capacities; nothing touches VMs that sleep, for they are on no node here.
            _ => false,
        };
    }

    private void JudgeEnd()
    {
        foreach (int node in vmsOn.Keys) JudgeNode(node, "in the end");
        foreach ((int vm, HashSet<int> hosts) in hostsOf)
            if (hosts.Count != 1 && !ready.Contains(vm)) faults.Add($"VM {vm} is on {hosts.Count} nodes in the end");
        foreach (JToken rule in instance["constraints"]!)
            if (!Holds(rule)) faults.Add($"{Text(rule, "id")} of {rule["vm"] ?? rule["vms"] ?? rule["node"] ?? rule["nodes"]} is broken in the end");
    }

    private HashSet<int> Hosts(int vm) => hostsOf.GetValueOrDefault(vm) ?? [];

    private void Put(int vm, int node)
    {
        if (!hostsOf.TryGetValue(vm, out HashSet<int>? hosts)) hostsOf[vm] = hosts = [];
        if (!vmsOn.TryGetValue(node, out HashSet<int>? there)) vmsOn[node] = there = [];
        hosts.Add(node);
        there.Add(vm);
    }

    private long Demand(int vm, string resource)
    {
        if (!demand.TryGetValue((vm, resource), out long amount)) demand[(vm, resource)] = amount = Of(views[resource], "vms", vm, "defConsumption");
        return amount;
    }

    private static long Of(JToken view, string table, int id, string otherwise) =>
        view[table]?[id.ToString(System.Globalization.CultureInfo.InvariantCulture)]?.Value<long>() ?? view[otherwise]?.Value<long>() ?? 0;

    private IEnumerable<JToken> Constraints(string id) => instance["constraints"]!.Where(c => Text(c, "id") == id);

    private static string Text(JToken token, string field) => token[field]!.Value<string>()!;

    private static int Number(JToken token, string field) => token[field]!.Value<int>();
}
