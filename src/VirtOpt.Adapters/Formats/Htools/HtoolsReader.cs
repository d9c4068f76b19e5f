using System.Text;

namespace VirtOpt;

/// <summary>Reads a file of htools: groups, nodes, instances, cluster tags and instance policies, with one empty line between two sections.</summary>
internal sealed class HtoolsReader
{
    /// <summary>The template of instances with a secondary node.</summary>
    public const string Drbd = "drbd";

    private const string ExclusionPrefix = "htools:iextags:";
    private const double DefaultVcpuRatio = 4;
    private const double DefaultSpindleRatio = 32;

    /// <summary>Cluster tags that change which moves are allowed or what the score counts, in ways that this format does not know.</summary>
    private static readonly string[] UnknownPrefixes = ["htools:migration:", "htools:nlocation:", "htools:desiredlocation:"];

    private readonly string path;
    private readonly string[] lines;
    private readonly List<HtoolsRow>[] sections;
    private readonly Dictionary<string, int> nodes = new(StringComparer.Ordinal);

    private HtoolsReader(string path, string[] lines) => (this.path, this.lines, sections) = (path, lines, Sections(path, lines));

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, makes no sense, or holds several node groups or what the format does not know.</exception>
    public static HtoolsFile Read(string path)
    {
        using StreamReader text = new(Files.OpenRead(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        HtoolsReader reader = new(path, [.. Lines(text)]);
        return reader.Build();
    }

    private static IEnumerable<string> Lines(StreamReader text)
    {
        while (text.ReadLine() is { } line) yield return line;
    }

    private static List<HtoolsRow>[] Sections(string path, string[] lines)
    {
        List<List<HtoolsRow>> sections = [[]];
        for (int i = 0; i < lines.Length; i++)
            if (lines[i].Length == 0) sections.Add([]);
            else sections[^1].Add(new HtoolsRow(path, i + 1, lines[i].Split('|')));
        if (sections.Count == 4) sections.Add([]);
        return sections.Count == 5 ? [.. sections] : throw HtoolsRow.Refuse(
            path, lines.Length, $"the file has {sections.Count} sections; expected 5: groups, nodes, instances, cluster tags, policies",
            "an empty line is missing or too many: exactly one stands between two sections, two around an empty one.");
    }

    private HtoolsFile Build()
    {
        HtoolsNode[] read = [.. sections[1].Select(ReadNode)];
        string[] prefixes = [.. sections[3].Select(ExclusionTag).OfType<string>()];
        HtoolsInstance[] instances = [.. sections[2].Select(row => ReadInstance(row, prefixes))];
        (double vcpus, double spindles) = Ratios(GroupOf(read));
        return new HtoolsFile(path, lines, read, instances, vcpus, spindles);
    }

    private HtoolsNode ReadNode(HtoolsRow row)
    {
        row.WithColumns("node", HtoolsNode.FewestColumns, HtoolsNode.MostColumns);
        string name = row.Name(0, "the name of a node");
        if (!nodes.TryAdd(name, nodes.Count)) throw row.Refuse($"node ({name}) is there twice", "two files were joined.");
        bool isOffline = row.OneOf(HtoolsNode.RoleColumn, $"the role of node ({name})", "", "N", "M", "Y") == "Y";
        HtoolsNode node = new() { Line = row.Line, Name = name, Group = row.Name(8, $"the group of node ({name})"), IsOffline = true };
        if (isOffline || row.Fields.AsSpan(1, 6).Contains("?")) return node;
        row.OneOf(11, $"exclusive storage of node ({name})", "N", "N");
        return node with
        {
            IsOffline = false,
            TotalMemory = row.Whole(1, $"the memory of node ({name})", 1),
            NodeMemory = row.Whole(2, $"the memory used by node ({name})"),
            FreeMemory = row.Whole(HtoolsNode.FreeMemoryColumn, $"the free memory of node ({name})"),
            TotalDisk = row.Whole(4, $"the disk of node ({name})"),
            FreeDisk = row.Whole(HtoolsNode.FreeDiskColumn, $"the free disk of node ({name})"),
            Cores = row.Whole(6, $"the cores of node ({name})", 1),
            Spindles = row.Whole(9, $"the spindles of node ({name})", 1, "1"),
            NodeVcpus = row.Whole(13, $"the virtual CPUs used by node ({name})", 0, "1"),
            CpuSpeed = row.Ratio(14, $"the CPU speed of node ({name})", "1"),
        };
    }

    private HtoolsInstance ReadInstance(HtoolsRow row, string[] prefixes)
    {
        row.WithColumns("instance", HtoolsInstance.FewestColumns, HtoolsInstance.MostColumns);
        string name = row.Name(0, "the name of an instance");
        string template = row.Name(8, $"the disk template of instance ({name})");
        bool hasSecondary = row.Text(7).Length > 0;
        if (hasSecondary != (template == Drbd))
            throw row.Refuse(
                $"instance ({name}) of disk template ({template}) has {(hasSecondary ? "a" : "no")} secondary node", $"only ({Drbd}) has one, and needs it.");
        if (hasSecondary && row.Text(7) == row.Text(6))
            throw row.Refuse($"instance ({name}) has node ({row.Text(6)}) as primary and secondary node", "another secondary node was meant.");
        row.OneOf(12, $"forthcoming of instance ({name})", "N", "N");
        return new HtoolsInstance
        {
            Line = row.Line,
            Name = name,
            Memory = row.Whole(1, $"the memory of instance ({name})"),
            Disk = row.Whole(2, $"the disk of instance ({name})"),
            Vcpus = row.Whole(3, $"the virtual CPUs of instance ({name})"),
            Status = row.Name(4, $"the status of instance ({name})"),
            AutoBalance = row.OneOf(5, $"auto_balance of instance ({name})", "", "Y", "N") == "Y",
            Primary = Node(row, 6, name),
            Secondary = hasSecondary ? Node(row, 7, name) : null,
            Template = template,
            ExclusionTags = [.. row.Text(9).Split(',').Where(tag => tag.Length > 0 && prefixes.Any(p => tag.StartsWith(p, StringComparison.Ordinal)))],
            SpindleUse = row.Whole(10, $"the spindle use of instance ({name})", 0, "1"),
        };
    }

    private int Node(HtoolsRow row, int column, string instance) => nodes.TryGetValue(row.Text(column), out int node) ? node : throw row.Refuse(
        $"instance ({instance}) is on node ({row.Text(column)}), which the file does not have", "the node was filtered away.");

    private static string? ExclusionTag(HtoolsRow row)
    {
        string tag = string.Join('|', row.Fields);
        if (UnknownPrefixes.Any(p => tag.StartsWith(p, StringComparison.Ordinal)))
            throw row.Refuse($"the cluster tag ({tag}) restricts or prices moves in a way that is not supported", "hbal has to be used for this cluster.");
        return tag.StartsWith(ExclusionPrefix, StringComparison.Ordinal) && tag.Length > ExclusionPrefix.Length ? tag[ExclusionPrefix.Length..] : null;
    }

    /// <summary>Name of the only group that has nodes: hbal balances one group at a time too.</summary>
    private string GroupOf(HtoolsNode[] read)
    {
        Dictionary<string, string> groups = new(StringComparer.Ordinal);
        foreach (HtoolsRow row in sections[0])
            groups[row.WithColumns("node group", 4, 5).Name(1, "the uuid of a node group")] = row.Name(0, "the name of a node group");
        foreach (HtoolsNode node in read)
            if (!groups.ContainsKey(node.Group))
                throw HtoolsRow.Refuse(path, node.Line, $"node ({node.Name}) is of group ({node.Group}), which the file does not have", "its uuid was meant.");
            else if (node.Group != read[0].Group)
                throw HtoolsRow.Refuse(
                    path, node.Line, $"node ({node.Name}) is of group ({node.Group}), the first of group ({read[0].Group}); expected one group",
                    "the file has to be split: groups are balanced one at a time.");
        if (read.All(n => n.IsOffline)) throw HtoolsRow.Refuse(path, lines.Length, "no node is online", "the nodes were filtered away.");
        return groups[read[0].Group];
    }

    private (double Vcpus, double Spindles) Ratios(string group)
    {
        (double, double) ratios = (DefaultVcpuRatio, DefaultSpindleRatio);
        foreach (HtoolsRow row in sections[4].Where(row => row.Text(0).Length == 0 || row.Text(0) == group).OrderBy(row => row.Text(0).Length))
        {
            row.WithColumns("policy", 6, 6);
            ratios = (row.Ratio(4, "the vcpu ratio of a policy"), row.Ratio(5, "the spindle ratio of a policy"));
        }

        return ratios;
    }
}
