using System.Numerics;

namespace VirtOpt.Solver.Formulation;

/// <summary>The places of a cluster by the shape of a VM: hosts, sets of NUMA nodes, sets of GPUs.</summary>
internal sealed class PlaceTable(ClusterSnapshot cluster)
{
    private readonly Dictionary<(int Numa, int Gpus, string Models), Place[]> byShape = [];

    /// <summary>The places that suit the shape of a VM, host by host. Whether they have room is another question.</summary>
    public IReadOnlyList<Place> For(VirtualMachine vm)
    {
        (int, int, string) key = (vm.NumaNodes, vm.Gpus, string.Join('|', vm.GpuModels));
        if (!byShape.TryGetValue(key, out Place[]? places)) byShape[key] = places = [.. Enumerate(vm)];
        return places;
    }

    private IEnumerable<Place> Enumerate(VirtualMachine vm)
    {
        for (int h = 0; h < cluster.Hosts.Count; h++)
        {
            Host host = cluster.Hosts[h];
            uint usable = 0;
            for (int g = 0; g < host.Gpus.Count; g++)
                if (vm.GpuModels.Count == 0 || vm.GpuModels.Contains(host.Gpus[g].Model)) usable |= 1u << g;
            foreach (uint numa in Masks(host.NumaNodes.Count, vm.NumaNodes))
                foreach (uint gpus in Masks(host.Gpus.Count, vm.Gpus))
                    if ((gpus & ~usable) == 0) yield return new Place(new HostId(h), numa, gpus);
        }
    }

    private static IEnumerable<uint> Masks(int bits, int ones)
    {
        if (ones == 0) return [0u];
        return Enumerable.Range(0, 1 << bits).Select(mask => (uint)mask).Where(mask => BitOperations.PopCount(mask) == ones);
    }
}
