using VirtOpt.Solver.HostSets.Packing;

namespace VirtOpt.Solver.HostSets;

/// <summary>
/// Diving: whole parts of the master's patterns are fixed, columns are generated for what is left, and so on (Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa,
/// INFORMS Journal on Computing 31, 2019, sec. 2). A little chance among the largest fractions makes every dive another one.
/// </summary>
/// <param name="master">The master; used up by the dive.</param>
/// <param name="random">The chance.</param>
/// <param name="isOver">Whether to give up.</param>
internal sealed class PatternDive(PackingMaster master, Random random, Func<bool> isOver)
{
    private const int FirstIterations = 40;
    private const int StepIterations = 3;
    private const double Gap = 1e-4;
    private const double Noise = 0.25;
    private const double Overcover = 0.3;
    private const double Share = 0.1;
    private const double Tolerance = 1e-6;

    /// <summary>Dives to the ground or until the master finds no more patterns; what is then not covered is left in the master's demands.</summary>
    public List<Bin> Run()
    {
        List<Bin> bins = [];
        while (!isOver() && master.Demands.Any(d => d > 0))
        {
            if (!master.Solve(bins.Count == 0 ? FirstIterations : StepIterations, Gap, isOver)) break;
            int before = bins.Count;
            FixWholeParts(bins);
            if (bins.Count == before) FixLargestFractions(bins);
            if (bins.Count == before) break;
        }

        return bins;
    }

    private void FixWholeParts(List<Bin> bins)
    {
        for (int j = 0; j < master.Use.Count; j++)
            for (int whole = (int)Math.Floor(master.Use[j] + Tolerance); whole > 0 && CanFix(j) && Fits(j); whole--) bins.Add(master.Fix(master.Columns[j]));
    }

    private void FixLargestFractions(List<Bin> bins)
    {
        int before = bins.Count;
        int[] used = [.. Enumerable.Range(0, master.Use.Count).Where(j => master.Use[j] > Tolerance && CanFix(j))];
        double Merit(int j) => master.Use[j] + (Noise * random.NextDouble()) - (Fits(j) ? 0 : Overcover);
        foreach (int j in used.OrderByDescending(Merit).Take(Math.Max(1, (int)(Share * used.Length))).ToArray())
            if (CanFix(j) && (bins.Count == before || Fits(j))) bins.Add(master.Fix(master.Columns[j]));
    }

    private bool CanFix(int column) => master.Hosts[master.Columns[column].Type] > 0;

    private bool Fits(int column)
    {
        int[] pattern = master.Columns[column].Pattern;
        for (int k = 0; k < pattern.Length; k++)
            if (pattern[k] > master.Demands[k]) return false;
        return true;
    }
}
