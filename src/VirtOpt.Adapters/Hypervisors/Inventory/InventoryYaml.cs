using YamlDotNet.RepresentationModel;

namespace VirtOpt;

/// <summary>Inventory files: YAML with <c>hosts</c>, and <c>groups</c> and <c>policy</c> as in the virtopt format.</summary>
public static class InventoryYaml
{
    /// <summary>Reads an inventory file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read or makes no sense.</exception>
    public static HostInventory Read(string path)
    {
        YamlNode root = YamlText.Read(path);
        if (root is not YamlMappingNode map)
            throw InvalidInputException.Because($"{path}: expected fields such as hosts; found none.", "the file is another one.");
        InventoryDraft draft = new();
        using (JsonCursor cursor = new(path, YamlText.ToJson(root, without: "policy")))
        {
            cursor.Next();
            cursor.Object(InventoryDraft.Fields, draft);
            cursor.End();
        }

        YamlNode? policy = map.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: "policy" }).Value;
        if (policy is null) return draft.ToInventory(path);
        if (policy is not YamlMappingNode) throw InvalidInputException.Because(
            $"{path} (line {policy.Start.Line}): policy is no object; expected need, constraints and objectives.", "a dash is too much.");
        using (JsonCursor cursor = new(path + ": policy", YamlText.ToJson(policy)))
        {
            cursor.Next();
            cursor.Object(InventoryDraft.PolicyFields, draft);
        }

        return draft.ToInventory(path) with { PolicyText = YamlText.ToJson(policy, without: "need") };
    }

    /// <summary>The policy of an inventory for the cluster that was found: balance if it asks for nothing.</summary>
    /// <exception cref="InvalidInputException">It does not fit the cluster.</exception>
    public static Policy PolicyFor(HostInventory inventory, ClusterSnapshot cluster)
    {
        Policy policy = Policy.None;
        if (inventory.PolicyText is { } text)
        {
            using JsonCursor cursor = new(inventory.Source + ": policy", text);
            policy = PolicyJson.Read(cursor, cluster);
        }

        return policy.Objectives.Count > 0 ? policy : policy with { Objectives = PolicyPresets.Named(PolicyPresets.Balance, cluster) };
    }
}

/// <summary>An inventory while it is read.</summary>
internal sealed class InventoryDraft
{
    private static readonly JsonFields<HostDraft> ReserveFields = new("reserve")
    {
        { "cpu", (c, h) => h.Host = h.Host with { ReserveCpu = c.Amount() } },
        { "memory", (c, h) => h.Host = h.Host with { ReserveMemory = c.Amount() } },
    };

    private static readonly JsonFields<HostDraft> HostFields = new("host")
    {
        { "name", (c, h) => h.Host = h.Host with { Name = c.Scalar() }, true },
        { "uri", (c, h) => h.Host = h.Host with { Uri = Uri(c) }, true },
        { "peerUri", (c, h) => h.Host = h.Host with { PeerUri = Uri(c) } },
        { "migrationUri", (c, h) => h.Host = h.Host with { MigrationUri = Uri(c) } },
        { "rack", (c, h) => h.Labels["rack"] = c.Scalar() },
        { "zone", (c, h) => h.Labels["zone"] = c.Scalar() },
        { "labels", (c, h) => c.Map("labels by scope", scope => h.Labels[scope] = c.Scalar()) },
        { "tags", (c, h) => h.Host = h.Host with { Tags = c.List("tags", c.Scalar) } },
        { "reserve", (c, h) => c.Object(ReserveFields, h) },
        { "maintenance", (c, h) => h.Host = h.Host with { IsInMaintenance = c.Flag() } },
    };

    private static readonly JsonFields<GroupDraft> GroupFields = new("group")
    {
        { "name", (c, g) => g.Name = c.Scalar(), true },
        { "need", (c, g) => g.Need = c.Choice<CpuNeed>() },
        { "vms", (c, g) => g.Vms = c.List("names of VMs", c.Scalar) },
        { "hosts", (c, g) => g.Hosts = c.List("names of hosts", c.Scalar) },
    };

    private static readonly JsonFields<InventoryDraft> MigrationFields = new("migration")
    {
        { "managed", (c, d) => d.migration = d.migration with { IsManaged = c.Flag() } },
        { "autoConverge", (c, d) => d.migration = d.migration with { AutoConverge = c.Flag() } },
        { "postCopyAfter", (c, d) => d.migration = d.migration with { PostCopyAfterSeconds = (int)c.Whole(0, PlanLimits.Most) } },
        { "bandwidth", (c, d) => d.migration = d.migration with { Bandwidth = c.Whole(1, PlanLimits.Most) } },
        { "maxDowntime", (c, d) => d.migration = d.migration with { MaxDowntimeMilliseconds = c.Whole(1, PlanLimits.Most) } },
        { "timeout", (c, d) => d.migration = d.migration with { TimeoutSeconds = (int)c.Whole(1, PlanLimits.Most) } },
        { "copyLocalDisks", (c, d) => d.migration = d.migration with { CopyLocalDisks = c.Flag() } },
        { "allowUnsafe", (c, d) => d.migration = d.migration with { AllowUnsafe = c.Flag() } },
    };

    private readonly List<InventoryHost> hosts = [];
    private readonly List<NamePatterns> vmGroups = [];
    private readonly List<NamePatterns> hostGroups = [];
    private string name = "cluster";
    private List<string> sharedPaths = [];
    private List<string> keep = [];
    private CpuNeed need;
    private long overcommit = 400;
    private MigrationOptions migration = new();

    public static JsonFields<InventoryDraft> Fields { get; } = new("inventory")
    {
        { "name", (c, d) => d.name = c.Name() },
        { "hosts", (c, d) => c.Array("hosts", () => d.ReadHost(c)), true },
        { "groups", (c, d) => c.Array("groups", () => d.ReadGroup(c)) },
        { "sharedPaths", (c, d) => d.sharedPaths = c.List("folders", c.Name) },
        { "keep", (c, d) => d.keep = c.List("names of VMs", c.Scalar) },
        { "need", (c, _) => throw c.Error("need does not stand here", "it belongs into policy, for all VMs, or to a group, for some.") },
        { "vcpuOvercommit", (c, d) => d.overcommit = c.Whole(1, 100_000) },
        { "migration", (c, d) => c.Object(MigrationFields, d) },
    };

    /// <summary>What a policy of an inventory has beside the rules, which need the cluster to be read.</summary>
    public static JsonFields<InventoryDraft> PolicyFields { get; } = new("policy", strict: false)
    {
        { "need", (c, d) => d.need = c.Choice<CpuNeed>() },
    };

    public HostInventory ToInventory(string path) => new()
    {
        Name = name,
        Source = path,
        Hosts = hosts.Count > 0 ? hosts : throw InvalidInputException.Because($"{path}: the inventory has no host.", "the list was left empty."),
        VmGroups = vmGroups,
        HostGroups = hostGroups,
        SharedPaths = sharedPaths,
        Keep = keep,
        Need = need,
        VcpuOvercommitPercent = overcommit,
        Migration = migration,
    };

    private void ReadHost(JsonCursor cursor)
    {
        HostDraft draft = new();
        cursor.Object(HostFields, draft);
        if (hosts.Any(h => h.Name == draft.Host.Name)) throw cursor.Error($"the host ({draft.Host.Name}) is there twice", "one of them has another name.");
        hosts.Add(draft.Host with { Labels = draft.Labels });
    }

    private void ReadGroup(JsonCursor cursor)
    {
        GroupDraft draft = new();
        cursor.Object(GroupFields, draft);
        if ((draft.Vms is null) == (draft.Hosts is null))
            throw cursor.Error($"the group ({draft.Name}) needs either vms or hosts", "one of the two lists was left out.");
        if (draft is { Vms: null, Need: not null }) throw cursor.Error($"the group ({draft.Name}) of hosts has a need", "a group of vms was meant.");
        List<NamePatterns> groups = draft.Vms is null ? hostGroups : vmGroups;
        if (groups.Any(g => g.Name == draft.Name)) throw cursor.Error($"the group ({draft.Name}) is there twice", "one of them has another name.");
        groups.Add(new NamePatterns(draft.Name, draft.Vms ?? draft.Hosts!) { Need = draft.Need });
    }

    /// <summary>A URI without a password: inventories are read by many, and URIs are logged.</summary>
    private static string Uri(JsonCursor cursor)
    {
        string text = cursor.Name();
        if (!System.Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)) throw cursor.Expected("a URI such as qemu+tls://host/system");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw cursor.Error($"the URI of ({uri.Host}) holds a password", "an SSH key or a TLS certificate serves; see libvirt's remote URIs.");
        return text;
    }

    private sealed class HostDraft
    {
        public InventoryHost Host { get; set; } = new("", "");

        public Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);
    }

    private sealed class GroupDraft
    {
        public string Name { get; set; } = "";

        public CpuNeed? Need { get; set; }

        public List<string>? Vms { get; set; }

        public List<string>? Hosts { get; set; }
    }
}
