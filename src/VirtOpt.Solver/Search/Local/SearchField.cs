using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// What moves choose from by chance: a block of hosts and the VMs on them. Blocks change often; within one, all that moves look at stays in the
/// processor's cache.
/// </summary>
internal sealed class SearchField
{
    private const int MostHosts = 48;
    private const int ContrastHosts = 8;
    private const int Contestants = 6;
    private const int DrawsForVmAway = 6;
    private const int Windows = 20;
    private const double LeastLarge = 0.1;
    private const double ShareOfSmall = 0.2;
    private readonly CandidateTable candidates;
    private readonly Territory territory;
    private readonly SizeOrder order;
    private readonly int[] hosts;
    private readonly double focusedShare;
    private readonly int[] rankInBlock;
    private int blockSize;
    private int firstLarge;
    private int[] vms = [];

    /// <param name="state">The placement under search.</param>
    /// <param name="candidates">Where VMs may go.</param>
    /// <param name="territory">The hosts to search.</param>
    /// <param name="order">The VMs that can move.</param>
    /// <param name="random">The source of chance.</param>
    /// <param name="focusedShare">Share of small blocks of hosts that cost and hosts with room; the others are large and of any hosts.</param>
    public SearchField(SearchState state, CandidateTable candidates, Territory territory, SizeOrder order, FastRandom random, double focusedShare)
    {
        (State, this.candidates, this.territory, this.order, Random, this.focusedShare) = (state, candidates, territory, order, random, focusedShare);
        hosts = [.. territory.Hosts];
        rankInBlock = new int[order.RankOf.Length];
    }

    /// <summary>The placement under search.</summary>
    public SearchState State { get; }

    /// <summary>The source of chance.</summary>
    public FastRandom Random { get; }

    /// <summary>Number of VMs to choose from.</summary>
    public int Count { get; private set; }

    /// <summary>Goes to another block of hosts.</summary>
    /// <param name="leastSize">Smaller VMs are seldom chosen, as long as there are larger ones.</param>
    public void NextBlock(double leastSize = 0)
    {
        bool contrast = Random.NextDouble() < focusedShare;
        blockSize = Math.Min(hosts.Length, contrast ? ContrastHosts : MostHosts);
        for (int i = 0; i < blockSize; i++)
        {
            int other = i + Random.Next(hosts.Length - i);
            if (contrast) other = Tournament(i, other, byRoom: i % 2 == 0);
            (hosts[i], hosts[other]) = (hosts[other], hosts[i]);
        }

        Count = 0;
        for (int i = 0; i < blockSize; i++)
        {
            if (vms.Length < Count + State.VmsOn(hosts[i]).Length) Array.Resize(ref vms, 2 * (Count + State.VmsOn(hosts[i]).Length));
            foreach (int vm in State.VmsOn(hosts[i]))
                if (order.RankOf[vm] >= 0) vms[Count++] = vm;
        }

        SortBySize();
        int most = Count - Math.Max(2, (int)(Count * LeastLarge));
        firstLarge = 0;
        while (firstLarge < most && order.SizeOf[vms[firstLarge]] < leastSize) firstLarge++;
    }

    /// <summary>Any VM, but seldom one that is too small to matter.</summary>
    public int RandomVm() =>
        firstLarge > 0 && Random.NextDouble() >= ShareOfSmall ? vms[firstLarge + Random.Next(Count - firstLarge)] : vms[Random.Next(Count)];

    /// <summary>Any VM on a host; false if there is none that can move.</summary>
    public bool TryRandomVmOn(int host, out int vm)
    {
        ReadOnlySpan<int> on = State.VmsOn(host);
        vm = on.Length == 0 ? -1 : on[Random.Next(on.Length)];
        return vm >= 0 && order.RankOf[vm] >= 0;
    }

    /// <summary>Any host of the block.</summary>
    public int RandomHost() => hosts[Random.Next(blockSize)];

    /// <summary>The hosts of the block, one after another, from any on.</summary>
    public BlockHosts HostsFromAny() => new(hosts.AsSpan(0, blockSize), Random.Next(blockSize));

    /// <summary>A VM of about the same size.</summary>
    public int RandomVmLike(int vm)
    {
        int window = Math.Max(2, Count / Windows);
        return vms[Math.Clamp(rankInBlock[vm] - (window / 2) + Random.Next(window), 0, Count - 1)];
    }

    /// <summary>Any place of the block that a VM could take, or of all hosts if it has little choice; false if none was drawn.</summary>
    public bool TryRandomPlace(int vm, out Place place)
    {
        CandidateList list = candidates.ListOf(vm);
        if (list.Count > hosts.Length / 2) return list.TryOn(hosts[Random.Next(blockSize)], Random, out place) && place != State.PlaceOf(vm);
        place = list[Random.Next(list.Count)];
        return place != State.PlaceOf(vm) && territory.Contains(place.Host.Index);
    }

    /// <summary>A VM that is not at its start but could be there; false if a few draws find none.</summary>
    public bool TryRandomVmAway(out int vm, out Place start)
    {
        (vm, start) = (-1, Placement.Nowhere);
        for (int draw = 0; draw < DrawsForVmAway; draw++)
        {
            vm = RandomVm();
            if (order.TryStartOf(vm, out start) && start != State.PlaceOf(vm)) return true;
        }

        return false;
    }

    /// <summary>A place on a host that a VM could take; false if there is none.</summary>
    public bool TryPlaceOn(int vm, int host, out Place place) => candidates.ListOf(vm).TryOn(host, Random, out place);

    /// <summary>Moves a VM to one of its candidates if that is valid and raises the energy by no more than a limit.</summary>
    public bool TryShift(int vm, Place to, double limit) => territory.MayMove(vm, State.PlaceOf(vm), to) && State.TryShift(vm, to, limit);

    /// <summary>Lets two VMs take each other's places if that is valid and raises the energy by no more than a limit.</summary>
    public bool TrySwap(int vm, int other, double limit)
    {
        (Place place, Place otherPlace) = (State.PlaceOf(vm), State.PlaceOf(other));
        return place != otherPlace && candidates.Allows(vm, otherPlace) && candidates.Allows(other, place)
            && territory.MayMove(vm, place, otherPlace) && territory.MayMove(other, otherPlace, place) && State.TrySwap(vm, other, limit);
    }

    /// <summary>The position, from some position on, of the one of a few hosts that has the most room, or costs most.</summary>
    private int Tournament(int from, int first, bool byRoom)
    {
        (int best, double most) = (first, Measure(first));
        for (int draw = 1; draw < Contestants; draw++)
        {
            int other = from + Random.Next(hosts.Length - from);
            if (Measure(other) is double measure && measure > most) (best, most) = (other, measure);
        }

        return best;
        double Measure(int position) => byRoom ? State.IdleAt(hosts[position]) : State.CostAt(hosts[position]);
    }

    private void SortBySize()
    {
        Span<int> block = vms.AsSpan(0, Count);
        for (int i = 0; i < block.Length; i++) block[i] = order.RankOf[block[i]];
        block.Sort();
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = order.BySize[block[i]];
            rankInBlock[block[i]] = i;
        }
    }
}

/// <summary>Hosts in a circle.</summary>
internal ref struct BlockHosts
{
    private readonly ReadOnlySpan<int> hosts;
    private readonly int first;
    private int passed;

    public BlockHosts(ReadOnlySpan<int> hosts, int first)
    {
        this.hosts = hosts;
        (this.first, passed) = (first, -1);
    }

    /// <summary>The host at hand.</summary>
    public readonly int Current => hosts[(first + passed) % hosts.Length];

    /// <summary>Goes to the next host.</summary>
    public bool MoveNext() => ++passed < hosts.Length;

    /// <summary>This.</summary>
    public readonly BlockHosts GetEnumerator() => this;
}
