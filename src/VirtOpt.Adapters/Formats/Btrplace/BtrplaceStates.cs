namespace VirtOpt;

/// <summary>What the state constraints of an instance ask of its VMs and nodes. Without one, each keeps the state that it is in.</summary>
internal sealed class BtrplaceStates
{
    private static readonly string[] OfVms = ["running", "ready", "killed", "sleeping"];
    private static readonly string[] OfNodes = ["online", "offline"];
    private readonly BtrplaceFile file;
    private readonly Dictionary<int, string> vms = [];
    private readonly Dictionary<int, string> nodes = [];

    /// <param name="file">The instance.</param>
    /// <exception cref="InvalidInputException">Two constraints contradict each other, or one asks for a change that plans cannot make.</exception>
    public BtrplaceStates(BtrplaceFile file)
    {
        this.file = file;
        foreach (BtrplaceConstraint constraint in file.Constraints)
        {
            if (OfVms.Contains(constraint.Id))
                foreach (int vm in constraint.Vms) Ask(constraint, vm);
            if (OfNodes.Contains(constraint.Id))
                foreach (int node in constraint.Nodes)
                {
                    if (!file.Nodes.ContainsKey(node))
                        throw file.Error($"{constraint} names node ({node}), which the mapping does not have.", "it was left out there.");
                    if (!nodes.TryAdd(node, constraint.Id) && nodes[node] != constraint.Id)
                        throw file.Error($"node ({node}) is to be both ({nodes[node]}) and ({constraint.Id}).", "one of the constraints is to be left out.");
                }
        }

        foreach ((int vm, (BtrplaceVmState state, int node)) in file.Vms)
            if (state == BtrplaceVmState.Sleeping && StateOf(node) == HostState.Off)
                throw file.Error($"VM ({vm}) sleeps on node ({node}), which is to be (offline).", "sleeping VMs cannot be moved; the node is to stay online.");
    }

    /// <summary>Whether a constraint is one of those that ask for states.</summary>
    public static bool Says(string id) => OfVms.Contains(id) || OfNodes.Contains(id);

    /// <summary>The state that a node is to be in.</summary>
    public HostState StateOf(int node) =>
        nodes.TryGetValue(node, out string? asked) ? (asked == "online" ? HostState.Available : HostState.Off)
        : file.Nodes[node] ? HostState.Available : HostState.Off;

    /// <summary>Whether a VM runs, now or in the end; others take nothing and no rule counts them.</summary>
    public bool IsKept(int vm) => file.Vms[vm].State == BtrplaceVmState.Running || vms.GetValueOrDefault(vm) == "running";

    /// <summary>Whether a VM runs and is to run no more.</summary>
    public bool IsLeaving(int vm) => file.Vms[vm].State == BtrplaceVmState.Running && vms.GetValueOrDefault(vm) is "ready" or "killed";

    /// <summary>Refuses a VM that the instance does not have.</summary>
    public void Known(BtrplaceConstraint constraint, int vm)
    {
        if (!file.Vms.ContainsKey(vm)) throw file.Error($"{constraint} names VM ({vm}), which the mapping does not have.", "it was left out there.");
    }

    private void Ask(BtrplaceConstraint constraint, int vm)
    {
        Known(constraint, vm);
        if (!vms.TryAdd(vm, constraint.Id) && vms[vm] != constraint.Id)
            throw file.Error($"VM ({vm}) is to be both ({vms[vm]}) and ({constraint.Id}).", "one of the constraints is to be left out.");
        BtrplaceVmState now = file.Vms[vm].State;
        bool isDone = constraint.Id switch
        {
            "running" => now != BtrplaceVmState.Sleeping,
            "sleeping" => now == BtrplaceVmState.Sleeping,
            _ => now != BtrplaceVmState.Sleeping,
        };
        if (!isDone)
            throw file.Error(
                $"{constraint} asks for VM ({vm}), which is {now.ToString().ToLowerInvariant()}, to become ({constraint.Id}); "
                + "plans from instances of this format do not suspend or resume VMs.",
                "the constraint is to be left out.");
    }
}
