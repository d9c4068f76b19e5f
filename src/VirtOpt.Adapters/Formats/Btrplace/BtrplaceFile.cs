using System.Globalization;
using Newtonsoft.Json;

namespace VirtOpt;

/// <summary>An instance of BtrPlace as its file says it, before anything is made of it.</summary>
/// <remarks>Numbers of VMs and nodes may be written as numbers or as texts, and fields come in any order.</remarks>
internal sealed class BtrplaceFile
{
    private static readonly JsonFields<BtrplaceFile> Fields = new("instance", strict: false)
    {
        { "model", (c, f) => c.Object(ModelFields!, f), true },
        { "constraints", (c, f) => f.ReadConstraints(c) },
        { "objective", (c, f) => c.Object(ObjectiveFields!, f) },
    };

    private static readonly JsonFields<BtrplaceFile> ModelFields = new("model", strict: false)
    {
        { "mapping", (c, f) => c.Object(MappingFields!, f), true },
        { "views", (c, f) => c.Array("views", () => f.ReadView(c)) },
        { "attributes", (c, f) => c.Object(AttributeFields!, f) },
    };

    private static readonly JsonFields<BtrplaceFile> MappingFields = new("mapping", strict: false)
    {
        { "readyVMs", (c, f) => c.Array("numbers of VMs", () => f.Know(c, Id(c), new(BtrplaceVmState.Ready, -1))) },
        { "onlineNodes", (c, f) => c.Map("nodes", id => f.ReadNode(c, Id(c, id))), true },
        { "offlineNodes", (c, f) => c.Array("numbers of nodes", () => f.AddNode(c, Id(c), isOnline: false)) },
    };

    private static readonly JsonFields<BtrplaceFile> AttributeFields = new("attributes", strict: false)
    {
        { "vms", (c, f) => c.Map("attributes by VM", id => ReadAttributes(c, f.VmSeconds, Id(c, id))) },
        { "nodes", (c, f) => c.Map("attributes by node", id => ReadAttributes(c, f.NodeSeconds, Id(c, id))) },
    };

    private static readonly JsonFields<BtrplaceFile> ObjectiveFields = new("objective", strict: false)
    {
        { "id", (c, f) => f.Objective = c.Text() },
    };

    private static readonly JsonFields<(BtrplaceFile File, int Node)> NodeFields = new("online node", strict: false)
    {
        { "runningVMs", (c, n) => c.Array("numbers of VMs", () => n.File.Know(c, Id(c), new(BtrplaceVmState.Running, n.Node))) },
        { "sleepingVMs", (c, n) => c.Array("numbers of VMs", () => n.File.Know(c, Id(c), new(BtrplaceVmState.Sleeping, n.Node))) },
    };

    private readonly Dictionary<string, int[][]> partsByText = new(StringComparer.Ordinal);

    private BtrplaceFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>State and node of each VM, by its number; the node is -1 for a VM without one.</summary>
    public Dictionary<int, (BtrplaceVmState State, int Node)> Vms { get; } = [];

    /// <summary>Whether each node is on, by its number, in the order of the file.</summary>
    public Dictionary<int, bool> Nodes { get; } = [];

    /// <summary>The resources.</summary>
    public List<BtrplaceResource> Resources { get; } = [];

    /// <summary>The constraints, in the order of the file.</summary>
    public List<BtrplaceConstraint> Constraints { get; } = [];

    /// <summary>Durations in seconds by VM and name of the action.</summary>
    public Dictionary<int, Dictionary<string, double>> VmSeconds { get; } = [];

    /// <summary>Durations in seconds by node and name of the action.</summary>
    public Dictionary<int, Dictionary<string, double>> NodeSeconds { get; } = [];

    /// <summary>Name of the objective.</summary>
    public string Objective { get; private set; } = "minimizeMTTR";

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or something in it is not what it must be.</exception>
    public static BtrplaceFile Read(string path)
    {
        BtrplaceFile file = new(path);
        JsonCursor.ReadFile(path, Fields, file);
        return file;
    }

    /// <summary>Position of the resource that a constraint names.</summary>
    /// <exception cref="InvalidInputException">It names none, or one that is not there.</exception>
    public int ResourceOf(BtrplaceConstraint constraint)
    {
        int index = Resources.FindIndex(r => r.Name == constraint.Resource);
        return index >= 0 ? index : throw Error(
            $"{constraint} names the resource ({constraint.Resource}); expected one of {string.Join(", ", Resources.Select(r => $"({r.Name})"))}.",
            "its view was left out, or the name is mistyped.");
    }

    /// <summary>An error about this file.</summary>
    public InvalidInputException Error(string problem, string advice) => InvalidInputException.Because($"{Path}: {problem}", advice);

    /// <summary>The number of a VM or node that the cursor stands on.</summary>
    internal static int Id(JsonCursor cursor) => cursor.Token == JsonToken.String ? Id(cursor, cursor.Text()) : (int)cursor.Whole(0, int.MaxValue);

    private static int Id(JsonCursor cursor, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id : throw cursor.Expected($"the number of a VM or node, not ({text})");

    private void ReadNode(JsonCursor cursor, int node)
    {
        AddNode(cursor, node, isOnline: true);
        cursor.Object(NodeFields, (this, node));
    }

    private void AddNode(JsonCursor cursor, int node, bool isOnline)
    {
        if (!Nodes.TryAdd(node, isOnline)) throw cursor.Error($"the node ({node}) is there twice", "it is in two states, or two files were joined.");
    }

    private void Know(JsonCursor cursor, int vm, (BtrplaceVmState State, int Node) state)
    {
        if (!Vms.TryAdd(vm, state)) throw cursor.Error($"the VM ({vm}) is there twice", "it is in two states, or on two nodes.");
    }

    private void ReadView(JsonCursor cursor)
    {
        BtrplaceResource view = new();
        cursor.Object(BtrplaceResource.Fields, view);
        if (view.View != BtrplaceResource.ViewName) return; // Names of VMs and nodes, and networks.
        if (view.Name.Length == 0) throw cursor.Error("a shareable resource has no (rcId)", "it was left out.");
        if (Resources.Exists(r => r.Name == view.Name)) throw cursor.Error($"the resource ({view.Name}) is there twice", "two files were joined.");
        Resources.Add(view);
    }

    private void ReadConstraints(JsonCursor cursor) => cursor.Array("constraints", () =>
    {
        BtrplaceConstraint constraint = new(Constraints.Count) { Known = partsByText };
        cursor.Object(BtrplaceConstraint.Fields, constraint);
        Constraints.Add(constraint);
    });

    private static void ReadAttributes(JsonCursor cursor, Dictionary<int, Dictionary<string, double>> seconds, int id) =>
        cursor.Map("attributes", name =>
        {
            if (cursor.Token is not (JsonToken.Integer or JsonToken.Float))
            {
                cursor.Skip();
                return;
            }

            if (!seconds.TryGetValue(id, out Dictionary<string, double>? known)) seconds[id] = known = new(StringComparer.Ordinal);
            known[name] = cursor.Number();
        });
}

/// <summary>What a VM does.</summary>
internal enum BtrplaceVmState
{
    /// <summary>It is known, and does not run.</summary>
    Ready,

    /// <summary>It runs on a node.</summary>
    Running,

    /// <summary>It is suspended on a node, and takes nothing there.</summary>
    Sleeping,
}

/// <summary>A resource: what nodes have of it, and what VMs take.</summary>
internal sealed class BtrplaceResource
{
    public const string ViewName = "shareableResource";

    public static readonly JsonFields<BtrplaceResource> Fields = new("view", strict: false)
    {
        { "id", (c, r) => r.View = c.Text(), true },
        { "rcId", (c, r) => r.Name = c.Name() },
        { "defCapacity", (c, r) => r.DefaultCapacity = c.Amount(floatsToo: true) },
        { "defConsumption", (c, r) => r.DefaultConsumption = c.Amount(floatsToo: true) },
        { "nodes", (c, r) => c.Map("capacities by node", id => r.Capacity[id] = c.Amount(floatsToo: true)) },
        { "vms", (c, r) => c.Map("consumption by VM", id => r.Consumption[id] = c.Amount(floatsToo: true)) },
    };

    public string View { get; private set; } = "";

    public string Name { get; private set; } = "";

    public long DefaultCapacity { get; private set; }

    public long DefaultConsumption { get; private set; }

    public Dictionary<string, long> Capacity { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Consumption { get; } = new(StringComparer.Ordinal);

    public long CapacityOf(int node) => Capacity.GetValueOrDefault(node.ToString(CultureInfo.InvariantCulture), DefaultCapacity);

    public long ConsumptionOf(int vm) => Consumption.GetValueOrDefault(vm.ToString(CultureInfo.InvariantCulture), DefaultConsumption);
}

/// <summary>A constraint with all that the kinds of constraint may say.</summary>
/// <param name="index">Its position in the file, from 0.</param>
internal sealed class BtrplaceConstraint(int index)
{
    public static readonly JsonFields<BtrplaceConstraint> Fields = new("constraint", strict: false)
    {
        { "id", (c, x) => x.Id = c.Text(), true },
        { "continuous", (c, x) => x.IsContinuous = c.Flag() },
        { "vm", (c, x) => x.Vms.Add(BtrplaceFile.Id(c)) },
        { "vms", (c, x) => c.Array("numbers of VMs", () => x.Vms.Add(BtrplaceFile.Id(c))) },
        { "node", (c, x) => x.Nodes.Add(BtrplaceFile.Id(c)) },
        { "nodes", (c, x) => c.Array("numbers of nodes", () => x.Nodes.Add(BtrplaceFile.Id(c))) },
        { "parts", (c, x) => x.Parts = x.ReadParts(c) },
        { "rc", (c, x) => x.Resource = c.Name() },
        { "amount", (c, x) => x.Amount = c.Amount(floatsToo: true) },
        { "ratio", (c, x) => x.Ratio = c.Number() },
    };

    /// <summary>Parts that other constraints have said already: thousands of constraints may speak of the same ones.</summary>
    public required Dictionary<string, int[][]> Known { private get; init; }

    public string Id { get; private set; } = "";

    public bool IsContinuous { get; private set; }

    public List<int> Vms { get; } = [];

    public List<int> Nodes { get; } = [];

    public int[][] Parts { get; private set; } = [];

    public string? Resource { get; private set; }

    public long? Amount { get; private set; }

    public double? Ratio { get; private set; }

    /// <summary>The constraint, for messages.</summary>
    public override string ToString() => $"constraint {index} ({Id})";

    private int[][] ReadParts(JsonCursor cursor)
    {
        int[][] parts = [.. cursor.List("parts", () => cursor.List("numbers", () => BtrplaceFile.Id(cursor)).ToArray())];
        HashCode hash = default;
        foreach (int[] part in parts)
            foreach (int id in part) hash.Add(id);
        string key = $"{hash.ToHashCode()}/{parts.Length}/{parts.Sum(p => p.Length)}";
        if (Known.TryGetValue(key, out int[][]? same) && same.Zip(parts).All(p => p.First.AsSpan().SequenceEqual(p.Second))) return same;
        return Known[key] = parts;
    }
}
