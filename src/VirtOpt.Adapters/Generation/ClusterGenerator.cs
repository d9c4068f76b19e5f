using System.Globalization;

namespace VirtOpt;

/// <summary>What cluster to make.</summary>
/// <param name="Hosts">Number of hosts, at least 1.</param>
/// <param name="Vms">Number of VMs, at least 0, at most a million.</param>
/// <param name="Seed">Seed of all chance: the same options give the same cluster on every machine.</param>
/// <param name="Profile">Name of a <see cref="GeneratorProfile"/>.</param>
public sealed record GeneratorOptions(int Hosts, int Vms, int Seed = 1, string Profile = "mixed");

/// <summary>Makes synthetic clusters for trials, tests and benchmarks.</summary>
/// <remarks>
/// Dimensions: cpu in millicore, memory in MiB, disk in GiB, network in Mbit/s. Racks of ten hosts, three zones. The start keeps every rule, unless
/// the profile wants something to repair.
/// </remarks>
public sealed class ClusterGenerator
{
    private const int Most = 1_000_000;
    private const int HostsPerRack = 10;

    /// <summary>Shares of the wished fullness, in per cent, that are tried until all VMs fit.</summary>
    private static readonly int[] Fullness = [100, 90, 80, 65, 50, 35];
    private static readonly Dimension[] Dimensions = [new("cpu", "millicore"), new("memory", "MiB"), new("disk", "GiB"), new("network", "Mbit/s")];
    private readonly GeneratorOptions options;
    private readonly GeneratorProfile profile;
    private readonly Random random;
    private readonly Host[] hosts;
    private readonly int[] flavours;
    private readonly FlavourTable table;
    private readonly Place?[] places;
    private readonly RuleMaker rules;

    private ClusterGenerator(GeneratorOptions options, int fullness)
    {
        this.options = options;
        profile = GeneratorProfile.Named(options.Profile);
        random = new Random(options.Seed);
        hosts = [.. Enumerable.Range(0, options.Hosts).Select(MakeHost)];
        flavours = [.. Enumerable.Range(0, options.Vms).Select(_ => FlavourTable.Draw(random))];
        table = FlavourTable.Scale(flavours, [.. hosts.Select(h => (long[])[.. h.Capacity])], Shares(fullness), profile.NumaNodes > 0 ? 60 : 90);
        places = new Place?[options.Vms];
        rules = new RuleMaker(profile, random, hosts, options.Vms);
    }

    /// <summary>Makes a cluster with its rules and objectives.</summary>
    /// <exception cref="InvalidInputException">A number is out of range, there is no such profile, or so many VMs do not fit on so few hosts.</exception>
    public static PlacementProblem Generate(GeneratorOptions options)
    {
        if (options.Hosts is < 1 or > Most || options.Vms is < 0 or > Most)
            throw InvalidInputException.Because(
                $"Asked for {options.Hosts} hosts and {options.Vms} VMs; expected 1 .. {Most} and 0 .. {Most}.", "the two are swapped.");
        foreach (int fullness in Fullness)
            if (new ClusterGenerator(options, fullness).TryGenerate() is { } problem) return problem;
        throw InvalidInputException.Because(
            $"{options.Vms} VMs do not fit on {options.Hosts} hosts under the rules of profile ({options.Profile}) with seed ({options.Seed}).",
            "more hosts, fewer VMs or another seed was meant.");
    }

    private int[] Shares(int fullness) => [50 * fullness / 100, profile.MemoryPercent * fullness / 100, 40 * fullness / 100, 30 * fullness / 100];

    private PlacementProblem? TryGenerate()
    {
        if (!PlaceAll()) return null;
        Overfill();
        SetMaintenance();
        bool[] pinned = [.. places.Select(p => IsAvailable(p!.Value.Host) && random.Next(100) < profile.PinnedPercent)];
        VirtualMachine[] vms = [.. Enumerable.Range(0, options.Vms).Select(v => MakeVm(v, pinned[v]))];
        string name = $"{profile.Name}-h{options.Hosts}-v{options.Vms}-s{options.Seed}";
        ClusterSnapshot cluster = new(Dimensions, hosts, vms, rules.VmGroups, rules.HostGroups, name);
        IReadOnlyList<Objective> objectives = vms.Length == 0 ? [] : PolicyPresets.Named(profile.Objective, cluster);
        return new PlacementProblem(cluster) { Constraints = rules.Constraints, Objectives = objectives };
    }

    private bool IsAvailable(HostId host) => hosts[host.Index].State == HostState.Available;

    private Host MakeHost(int index)
    {
        HostType type = profile.HostTypes[random.Next(profile.HostTypes.Count)];
        int rack = index / HostsPerRack;
        long[] perNode = [.. type.Capacity.Select((amount, d) => d < 2 ? amount / Math.Max(1, profile.NumaNodes) : 0)];
        return new Host
        {
            Name = Name("host", index, options.Hosts),
            Capacity = ResourceVector.Create(type.Capacity),
            Labels = new Dictionary<string, string> { ["rack"] = $"rack-{rack}", ["zone"] = $"zone-{rack % 3}" },
            CpuModel = type.Name,
            Price = type.Price,
            Power = new PowerCurve([new(0, type.IdleWatts), new(50, ((2 * type.IdleWatts) + (3 * type.FullWatts)) / 5), new(100, type.FullWatts)]),
            NumaNodes = [.. Enumerable.Range(0, profile.NumaNodes).Select(_ => new HostPart(ResourceVector.Create(perNode), [0, 1]))],
        };
    }

    private VirtualMachine MakeVm(int v, bool isPinned) => new()
    {
        Name = $"{Name("vm", v, options.Vms)}-{FlavourTable.NameOf(flavours[v])}",
        Demand = ResourceVector.Create(table[flavours[v]]),
        NumaNodes = NodesOf(v),
        Start = places[v],
        Movable = !isPinned,
        PinReason = isPinned ? "passthrough device" : "",
        MigrationCost = Math.Max(1, table[flavours[v]][1] / 1024),
    };

    /// <summary>VMs under rules first, then the large ones; false if one finds no room.</summary>
    private bool PlaceAll()
    {
        StartPlacer placer = new(random, hosts);
        foreach (int v in Enumerable.Range(0, options.Vms).OrderBy(rules.IsFree).ThenByDescending(v => table[flavours[v]][1]))
        {
            places[v] = placer.Take(table[flavours[v]], NodesOf(v), host => rules.Allows(v, host));
            if (places[v] is not { } place) return false;
            rules.Note(v, place.Host.Index);
        }

        return true;
    }

    /// <summary>Crowds free VMs onto some hosts until their memory is overfull.</summary>
    private void Overfill()
    {
        int count = ShareOfHosts(profile.OverfullPercent);
        long[] used = new long[hosts.Length];
        for (int v = 0; v < options.Vms; v++) used[places[v]!.Value.Host.Index] += table[flavours[v]][1];
        Queue<int> movable = new(Enumerable.Range(0, options.Vms).Where(rules.IsFree));
        for (int h = 0; h < count && movable.Count > 0; h++)
        {
            while (used[h] <= hosts[h].Capacity[1] && movable.TryDequeue(out int v))
            {
                if (places[v]!.Value.Host.Index <= h) continue;
                places[v] = new Place(new HostId(h));
                used[h] += table[flavours[v]][1];
            }
        }
    }

    private void SetMaintenance()
    {
        int count = ShareOfHosts(profile.MaintenancePercent);
        for (int i = 0; i < count && i < hosts.Length - 1; i++) hosts[^(i + 1)] = hosts[^(i + 1)] with { State = HostState.Maintenance };
    }

    private int ShareOfHosts(int percent) => percent == 0 ? 0 : Math.Max(1, hosts.Length * percent / 100);

    private int NodesOf(int v) => profile.NumaNodes == 0 ? 0 : FlavourTable.StepOf(flavours[v]) == 4 ? 2 : 1;

    private static string Name(string kind, int index, int count) =>
        $"{kind}-{index.ToString(CultureInfo.InvariantCulture).PadLeft((count - 1).ToString(CultureInfo.InvariantCulture).Length, '0')}";
}
