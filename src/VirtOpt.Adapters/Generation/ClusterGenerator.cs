namespace VirtOpt;

/// <summary>What cluster to make.</summary>
/// <param name="Hosts">Number of hosts, at least 1.</param>
/// <param name="Vms">Number of VMs, at least 0, at most a million.</param>
/// <param name="Seed">Seed of all chance: the same options give the same cluster on every machine.</param>
/// <param name="Profile">Name of a <see cref="GeneratorProfile"/>.</param>
public sealed record GeneratorOptions(int Hosts, int Vms, int Seed = 1, string Profile = "mixed");

/// <summary>Makes synthetic clusters for trials, tests and benchmarks.</summary>
public static class ClusterGenerator
{
    /// <summary>Makes a cluster with its rules and objectives.</summary>
    /// <exception cref="InvalidInputException">A number is out of range, there is no such profile, or so many VMs do not fit on so few hosts.</exception>
    public static PlacementProblem Generate(GeneratorOptions options) => throw new InvalidInputException($"The generator is not ready for {options}.");
}
