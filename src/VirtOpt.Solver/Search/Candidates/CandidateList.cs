using VirtOpt.Solver.Search.Kernels;

namespace VirtOpt.Solver.Search.Candidates;

/// <summary>Places that some VMs that are alike could take, with a fast answer whether a place is among them.</summary>
internal sealed class CandidateList
{
    private readonly Place[] places;
    private readonly ulong[]? hosts;
    private readonly HashSet<Place>? set;
    private readonly int[]? firstOn;

    /// <param name="places">The places, host by host.</param>
    /// <param name="hostCount">Number of hosts of the cluster.</param>
    public CandidateList(Place[] places, int hostCount)
    {
        this.places = places;
        if (Array.TrueForAll(places, p => p is { NumaMask: 0, GpuMask: 0 }))
        {
            hosts = new ulong[(hostCount + 63) / 64];
            foreach (Place place in places) hosts[place.Host.Index >> 6] |= 1UL << (place.Host.Index & 63);
        }
        else
        {
            set = [.. places];
            firstOn = new int[hostCount + 1];
            foreach (Place place in places) firstOn[place.Host.Index + 1]++;
            for (int host = 0; host < hostCount; host++) firstOn[host + 1] += firstOn[host];
        }
    }

    /// <summary>No place at all.</summary>
    public static CandidateList None { get; } = new([], 0);

    /// <summary>The places, host by host.</summary>
    public IReadOnlyList<Place> Places => places;

    /// <summary>Number of places.</summary>
    public int Count => places.Length;

    /// <summary>The place at a position.</summary>
    public Place this[int index] => places[index];

    /// <summary>Number of places on a host.</summary>
    public int CountOn(int host) => places.Length == 0 ? 0 : firstOn is null ? (int)(hosts![host >> 6] >> (host & 63) & 1) : firstOn[host + 1] - firstOn[host];

    /// <summary>A place on a host, by its position among those there.</summary>
    public Place PlaceOn(int host, int position) => firstOn is null ? new Place(new HostId(host)) : places[firstOn[host] + position];

    /// <summary>One of the places on a host, by chance; false if there is none.</summary>
    public bool TryOn(int host, FastRandom random, out Place place)
    {
        if (places.Length == 0)
        {
            place = Placement.Nowhere;
            return false;
        }

        if (firstOn is null)
        {
            place = new Place(new HostId(host));
            return (hosts![host >> 6] >> (host & 63) & 1) == 1;
        }

        int count = firstOn[host + 1] - firstOn[host];
        place = count == 0 ? Placement.Nowhere : places[firstOn[host] + random.Next(count)];
        return count > 0;
    }

    /// <summary>Whether a place is among them.</summary>
    public bool Contains(Place place)
    {
        if (hosts is null) return set!.Contains(place);
        int word = place.Host.Index >> 6;
        return place is { NumaMask: 0, GpuMask: 0 } && (uint)word < (uint)hosts.Length && (hosts[word] >> (place.Host.Index & 63) & 1) == 1;
    }
}
