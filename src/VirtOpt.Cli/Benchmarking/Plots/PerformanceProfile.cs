namespace VirtOpt.Cli.Benchmarking;

/// <summary>What a solver reached on a problem.</summary>
/// <param name="Solver">The solver, or how it was set.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Value">The cost reached, the smaller the better; null if nothing was reached.</param>
internal sealed record ProfileValue(string Solver, string Problem, double? Value);

/// <summary>A step of a profile.</summary>
/// <param name="Ratio">Cost relative to the best known, at least 1.</param>
/// <param name="Share">Share of the solver's problems on which it is within that ratio, 0 .. 1.</param>
internal readonly record struct ProfileStep(double Ratio, double Share);

/// <summary>
/// Performance profile of a solver (Dolan and More 2002): for each ratio, the share of problems on which its cost is at most that many times the
/// best cost that any solver reached.
/// </summary>
/// <param name="Solver">The solver.</param>
/// <param name="Problems">Number of problems that it was tried on.</param>
/// <param name="Steps">The steps, by ascending ratio.</param>
internal sealed record PerformanceProfile(string Solver, int Problems, IReadOnlyList<ProfileStep> Steps)
{
    /// <summary>
    /// The profiles of several solvers. A solver is measured on the problems that it was tried on; problems on which nobody reached anything do
    /// not count. Where the best cost is 0 only a cost of 0 is within any ratio.
    /// </summary>
    public static IReadOnlyList<PerformanceProfile> Of(IEnumerable<ProfileValue> values)
    {
        ProfileValue[] all = [.. values];
        Dictionary<string, double> best = all.Where(v => v.Value is not null).GroupBy(v => v.Problem).ToDictionary(g => g.Key, g => g.Min(v => v.Value!.Value));
        return [.. all.Where(v => best.ContainsKey(v.Problem)).GroupBy(v => v.Solver).Select(g => Of(g.Key, [.. g.Select(v => Ratio(v, best[v.Problem]))]))];
    }

    private static PerformanceProfile Of(string solver, double[] ratios)
    {
        IEnumerable<ProfileStep> steps = ratios.Where(double.IsFinite).Distinct().Order()
            .Select(ratio => new ProfileStep(ratio, (double)ratios.Count(r => r <= ratio) / ratios.Length));
        return new PerformanceProfile(solver, ratios.Length, [.. steps]);
    }

    private static double Ratio(ProfileValue value, double best) => value.Value switch
    {
        null => double.PositiveInfinity,
        { } cost when cost == best => 1,
        { } cost => best > 0 ? cost / best : double.PositiveInfinity,
    };
}
