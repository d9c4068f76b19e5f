namespace VirtOpt;

/// <summary>What a file of htools says. Memory and disk in MiB.</summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">All its lines, for writing it again.</param>
/// <param name="Nodes">The nodes, in the order of the file.</param>
/// <param name="Instances">The instances, in the order of the file.</param>
/// <param name="VcpuRatio">Most virtual CPUs for each physical one.</param>
/// <param name="SpindleRatio">Most spindle use for each spindle.</param>
internal sealed record HtoolsFile(
    string Path, string[] Lines, IReadOnlyList<HtoolsNode> Nodes, IReadOnlyList<HtoolsInstance> Instances, double VcpuRatio, double SpindleRatio)
{
    /// <summary>True if instances have secondary nodes, so that moves carry disk and spindle use with them.</summary>
    public bool HasSecondaries { get; } = Instances.Any(i => i.Secondary is not null);

    /// <summary>The nodes that hbal counts, with their positions.</summary>
    public IEnumerable<(int Index, HtoolsNode Node)> Online => Nodes.Index().Where(n => !n.Item.IsOffline);

    /// <summary>A refusal at a line, from 1.</summary>
    public InvalidInputException Refuse(int line, string problem, string advice) => HtoolsRow.Refuse(Path, line, problem, advice);

    /// <summary>
    /// Memory that neither the node nor its instances account for at the start, at least 0: hbal keeps it out of use. Instances that are down use none.
    /// </summary>
    public long[] UnaccountedMemory()
    {
        long[] missing = [.. Nodes.Select(n => n.TotalMemory - n.NodeMemory - n.FreeMemory)];
        foreach (HtoolsInstance instance in Instances)
            if (!instance.IsDown) missing[instance.Primary] -= instance.Memory;
        return [.. missing.Select(m => Math.Max(0, m))];
    }
}

/// <summary>A node. All amounts are 0 if it is offline.</summary>
internal sealed record HtoolsNode
{
    public const int FewestColumns = 9;
    public const int MostColumns = 15;
    public const int FreeMemoryColumn = 3;
    public const int FreeDiskColumn = 5;
    public const int RoleColumn = 7;

    public required int Line { get; init; }

    public required string Name { get; init; }

    public required string Group { get; init; }

    public bool IsOffline { get; init; }

    public long TotalMemory { get; init; }

    public long NodeMemory { get; init; }

    public long FreeMemory { get; init; }

    public long TotalDisk { get; init; }

    public long FreeDisk { get; init; }

    public long Cores { get; init; }

    public long Spindles { get; init; } = 1;

    /// <summary>Virtual CPUs that the node itself uses.</summary>
    public long NodeVcpus { get; init; } = 1;

    public double CpuSpeed { get; init; } = 1;
}

/// <summary>An instance.</summary>
internal sealed record HtoolsInstance
{
    public const int FewestColumns = 10;
    public const int MostColumns = 13;
    public const int PrimaryColumn = 6;

    /// <summary>Templates whose instances can go to another node.</summary>
    private static readonly string[] Movables = ["drbd", "blockdev", "sharedfile", "gluster", "rbd", "ext"];

    public required int Line { get; init; }

    public required string Name { get; init; }

    public required long Memory { get; init; }

    public required long Disk { get; init; }

    public required long Vcpus { get; init; }

    public required string Status { get; init; }

    /// <summary>True if the memory that it needs on its secondary node counts as reserved there.</summary>
    public required bool AutoBalance { get; init; }

    /// <summary>Position of its primary node.</summary>
    public required int Primary { get; init; }

    /// <summary>Position of its secondary node; null without one.</summary>
    public int? Secondary { get; init; }

    public required string Template { get; init; }

    /// <summary>Those of its tags that two instances on a node should not share.</summary>
    public required string[] ExclusionTags { get; init; }

    public long SpindleUse { get; init; } = 1;

    /// <summary>True if it uses no memory now: hbal keeps memory free for it all the same, but only in the half of the score that looks ahead.</summary>
    public bool IsDown => Status is "ADMIN_down" or "ADMIN_offline" or "ERROR_down" or "USER_down";

    /// <summary>True if it counts neither virtual CPUs nor memory on its secondary node.</summary>
    public bool IsOffline => Status == "ADMIN_offline";

    /// <summary>True if it uses disks of its nodes.</summary>
    public bool IsLocal => Template is HtoolsReader.Drbd or "plain";

    public bool IsMovable => Movables.Contains(Template);
}
