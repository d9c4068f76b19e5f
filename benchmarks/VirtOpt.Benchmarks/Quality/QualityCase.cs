using System.Globalization;

namespace VirtOpt.Benchmarks.Quality;

/// <summary>One solve of the ledger.</summary>
/// <param name="Suite">The suite that it belongs to.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Setting">What was asked for, in words.</param>
/// <param name="Limit">Time limit in seconds.</param>
/// <param name="Input">The file; made by <paramref name="Generate"/> if that is set.</param>
/// <param name="Options">Options of <c>virtopt solve</c>.</param>
/// <param name="Generate">Options of <c>virtopt generate</c>; null for a file that is there.</param>
internal sealed record QualityCase(string Suite, string Instance, string Setting, int Limit, string Input, string[] Options, string[]? Generate = null);

/// <summary>The suites, one method each.</summary>
internal static class QualitySuites
{
    public static IReadOnlyDictionary<string, Func<string?, IEnumerable<QualityCase>>> All { get; } =
        new Dictionary<string, Func<string?, IEnumerable<QualityCase>>>
        {
            ["vmr2l"] = Vmr2l,
            ["cloudbalancing"] = CloudBalancing,
            ["synthetic"] = _ => Synthetic(),
        };

    private static readonly string[] MediumFamily =
        ["medium", "medium_high_01", "medium_high_02", "medium_mid_01", "medium_mid_02", "medium_low_01", "medium_low_02", "medium_aff_01", "medium_aff_02"];

    private static readonly int[] MigrationLimits = [25, 50, 100];
    private static readonly string[] Computers = ["100computers-300processes", "200computers-600processes", "400computers-1200processes"];
    private static readonly int[] SmallSeeds = [1, 2, 3];
    private static readonly int[] LargeSeeds = [1, 2];

    private static IEnumerable<QualityCase> Vmr2l(string? data)
    {
        QualityCase Case(string instance, int migrations, int limit) => new(
            "vmr2l", instance, Invariant($"at most {migrations} migrations"), limit,
            Path.Combine(data ?? "", "vmr2l", $"{instance}.json.gz"), ["--format", "vmr2l", "--migration-limit", Invariant($"{migrations}")]);
        return [.. MediumFamily.SelectMany(i => MigrationLimits.Select(m => Case(i, m, 5))), Case("large", 50, 5), Case("large", 50, 60)];
    }

    private static IEnumerable<QualityCase> CloudBalancing(string? data) => Computers
        .Select(i => new QualityCase(
            "cloudbalancing", i, "cheapest computers", 60, Path.Combine(data ?? "", "cloudbalancing", $"{i}.json.gz"), ["--format", "cloudbalancing"]));

    private static IEnumerable<QualityCase> Synthetic()
    {
        QualityCase Case(int hosts, int vms, int seed, string objective, int limit) => new(
            "synthetic", Invariant($"mixed-h{hosts}-v{vms}-s{seed}"), objective, limit, "", ["--objective", objective],
            ["--hosts", Invariant($"{hosts}"), "--vms", Invariant($"{vms}"), "--seed", Invariant($"{seed}"), "--profile", "mixed"]);
        foreach (int seed in SmallSeeds)
        {
            yield return Case(50, 500, seed, "consolidate", 30);
            yield return Case(50, 500, seed, "balance", 30);
        }

        foreach (int seed in LargeSeeds) yield return Case(100, 2000, seed, "consolidate", 60);
        yield return Case(100, 2000, 1, "balance", 60);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
