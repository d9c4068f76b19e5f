using System.Globalization;
using System.Text;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>The ledger of a suite as a page to read.</summary>
/// <param name="suite">The suite.</param>
/// <param name="ledger">Its results.</param>
/// <param name="command">The command that makes the page.</param>
/// <param name="plots">Name of the folder of the plots, beside the page.</param>
internal sealed class LedgerPage(Suite suite, LedgerFiles ledger, string command, string plots)
{
    private static readonly string[] Unshown = ["suite"];
    private readonly StringBuilder page = new();

    /// <summary>Writes the page.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Write(string path) => Files.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text())));

    private string Text()
    {
        page.Clear();
        Line($"# Ledger of the suite {suite.Name}\n");
        if (suite.About.Length > 0) Line($"{suite.About}\n");
        Line($"Made by `{command}`. Violations are what the independent checker counts.");
        Line("Score: 100 * (cost - peer) / initial, below 0 if better than the peer.\n");
        if (ledger.Rows.Count > 0)
        {
            WriteSums();
            WriteRuns();
        }

        WriteOpen();
        WritePeers();
        WritePlots();
        return page.ToString();
    }

    private void WriteSums()
    {
        string[] headings = ["limit_s", "seed", "threads", "runs", "optimal", "with violations", "without placement", "mean gap", "wall_s", "score"];
        Line("## Sums\n");
        Table(headings, [.. headings.Select(_ => true)], ledger.Rows
            .GroupBy(r => (r.Key.Limit, r.Key.Seed, r.Key.Threads))
            .Select(g => SumOf(g.Key.Limit, g.Key.Seed, g.Key.Threads, [.. g])));
    }

    private static string[] SumOf(long limit, long seed, long threads, LedgerRow[] rows)
    {
        double[] gaps = [.. rows.Select(r => r.Gap).OfType<double>()];
        double[] scores = [.. rows.Select(r => r.Score).OfType<double>()];
        return
        [
            Whole(limit), Whole(seed), Whole(threads), Whole(rows.Length), Whole(rows.Count(r => r.Status == "optimal")),
            Whole(rows.Count(r => r.Violations > 0)), Whole(rows.Count(r => r.Objective is null)),
            gaps.Length > 0 ? $"{LedgerColumns.Cell(gaps.Average(), 5)} ({Screen.Count(gaps.Length, "run")})" : "",
            LedgerColumns.Cell(rows.Sum(r => r.Wall ?? 0), 1),
            scores.Length > 0 ? $"{LedgerColumns.Cell(scores.Sum(), 4)} ({Screen.Count(scores.Length, "run")})" : "",
        ];
    }

    private void WriteRuns()
    {
        LedgerColumn[] columns = [.. LedgerColumns.All.Where(c => !Unshown.Contains(c.Name) && ledger.Rows.Any(r => c.Write(r).Length > 0))];
        Line("## Runs\n");
        Table([.. columns.Select(c => c.Name)], [.. columns.Select(c => c.IsNumber)], ledger.Rows.Select(r => columns.Select(c => c.Write(r)).ToArray()));
    }

    private void WriteOpen()
    {
        string[] open =
        [
            .. suite.Cases.Where(c => new RunChoice().RunsOf(suite, c).Any(run => !ledger.Has(run.Key))).Select(c => $"{c.Instance} ({c.Setting})"),
        ];
        if (open.Length > 0) Line($"Runs of the suite that are not here yet: {string.Join("; ", open)}.\n");
    }

    private void WritePeers()
    {
        if (suite.Sources.Count == 0) return;
        Line("## Sources of the peers' values\n");
        foreach ((string peer, string source) in suite.Sources) Line($"- {peer}: {source}");
        Line("");
    }

    private void WritePlots()
    {
        PlotSpec[] specs = [.. PlotFiles.Specs(ledger)];
        if (specs.Length == 0) return;
        Line("## Plots\n");
        foreach (PlotSpec spec in specs) Line($"- [{spec.Title}]({plots}/{spec.Name}.svg)");
    }

    private void Table(string[] headings, bool[] isNumber, IEnumerable<string[]> rows)
    {
        Line($"| {string.Join(" | ", headings)} |");
        Line($"|{string.Concat(isNumber.Select(n => n ? "---:|" : "---|"))}");
        foreach (string[] row in rows) Line($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
        Line("");
    }

    private void Line(string text) => page.Append(text).Append('\n');

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
