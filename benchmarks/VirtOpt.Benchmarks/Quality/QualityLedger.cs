using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Benchmarks.Quality;

/// <summary>Solves the suites, checks every result with the independent checker, and writes the ledger beside the peers' published values.</summary>
internal static class QualityLedger
{
    private const string Header =
        "suite,instance,setting,seed,limit_s,status,objective,bound,gap,heuristics,migrations,hops,violations,wall_s,figure,peer,peer_value";

    /// <summary>Arguments: suites to run (all if none). The folder of the public data comes from VIRTOPT_DATA, or is found beside the repository.</summary>
    public static int Run(string[] suites)
    {
        string folder = Path.Combine(RepositoryRoot(), "benchmarks", "quality");
        string? data = DataFolder();
        IReadOnlyList<Peer> peers = Peer.Read(Path.Combine(folder, "peers.csv"));
        foreach (string suite in suites.Length > 0 ? suites : [.. QualitySuites.All.Keys])
        {
            List<string> rows = [];
            foreach (QualityCase item in QualitySuites.All[suite](data))
            {
                if (item.Generate is null && !File.Exists(item.Input))
                {
                    Console.WriteLine($"{item.Instance}: skipped, the public data is not here (set VIRTOPT_DATA).");
                    continue;
                }

                rows.Add(Row(item, peers.FirstOrDefault(p => p.Instance == item.Instance && p.Setting == item.Setting)));
                Console.WriteLine(rows[^1]);
            }

            if (rows.Count > 0) File.WriteAllLines(Path.Combine(folder, $"{suite}.csv"), [Header, .. rows]);
        }

        File.WriteAllText(Path.Combine(folder, "LEDGER.md"), LedgerPage.Write(folder));
        return 0;
    }

    private static string Row(QualityCase item, Peer? peer)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("virtopt-quality-");
        try
        {
            string input = item.Input;
            if (item.Generate is not null)
                VirtOptProcess.Run(["generate", .. item.Generate, "--output", input = Path.Combine(scratch.FullName, $"{item.Instance}.json")]);
            string output = Path.Combine(scratch.FullName, "solution.json");
            (JObject answer, TimeSpan wall) = VirtOptProcess.Ask(
                ["solve", input, .. item.Options, "--time-limit", Text(item.Limit), "--seed", "1", "--threads", "2", "--output", output]);
            (JObject check, _) = VirtOptProcess.Ask(["check", input, .. item.Options, "--solution", output]);
            string? figure = (string?)answer["fragmentRate"] is { } rate
                ? Math.Round(double.Parse(rate, CultureInfo.InvariantCulture), 4).ToString(CultureInfo.InvariantCulture)
                : "";
            object?[] cells =
            [
                item.Suite, item.Instance, item.Setting, 1, item.Limit, answer["status"],
                answer["objective"], answer["bound"], Rounded(answer["gap"]), Heuristics(answer),
                answer["migrations"], answer["hops"], check["violations"], Math.Round(wall.TotalSeconds, 2), figure, peer?.Name, peer?.Value,
            ];
            return string.Join(',', cells.Select(Text));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>What the fast heuristics alone reached in the main level: the baseline of the engine.</summary>
    private static JToken? Heuristics(JObject answer) => answer["incumbents"]!
        .LastOrDefault(i => (int)i["level"]! is > 0 and < PlacementProblem.TieBreakLevel
            && (string)i["source"]! is "start" or "best fit" or "shifts" or "evacuation")?["value"];

    private static double? Rounded(JToken? number) => number is null || number.Type == JTokenType.Null ? null : Math.Round((double)number, 5);

    private static string Text(object? cell) =>
        cell is JArray list ? Text(list.Count) : Convert.ToString(cell is JValue value ? value.Value : cell, CultureInfo.InvariantCulture) ?? "";

    private static string? DataFolder()
    {
        if (Environment.GetEnvironmentVariable("VIRTOPT_DATA") is { Length: > 0 } named) return named;
        string beside = Path.Combine(Path.GetDirectoryName(RepositoryRoot())!, "shared", "data");
        return Directory.Exists(beside) ? beside : null;
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "VirtOpt.Solver.sln"))) return folder.FullName;
        throw new InvalidOperationException("The ledger is written from a clone of the repository.");
    }
}

/// <summary>A published value to compare with.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Setting">What was asked for.</param>
/// <param name="Name">Who reached it.</param>
/// <param name="Value">The value.</param>
internal sealed record Peer(string Instance, string Setting, string Name, string Value)
{
    public static IReadOnlyList<Peer> Read(string path) =>
        [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(cells => new Peer(cells[0], cells[1], cells[2], cells[3]))];
}

/// <summary>The ledger as a page.</summary>
internal static class LedgerPage
{
    public static string Write(string folder)
    {
        StringBuilder page = new(
            "# Quality ledger\n\n"
            + "Written by `dotnet run --project benchmarks/VirtOpt.Benchmarks -c Release -- quality`. "
            + "Each row is one run of `virtopt solve` in a process of its own;\n"
            + "wall time includes start-up, reading, planning and writing. Violations are counted by `virtopt check`. "
            + "Peers' values and their sources: [peers.csv](peers.csv).\n");
        foreach (string file in Directory.EnumerateFiles(folder, "*.csv").Where(f => Path.GetFileName(f) != "peers.csv").Order(StringComparer.Ordinal))
        {
            string[][] rows = [.. File.ReadLines(file).Select(line => line.Split(','))];
            page.Append(CultureInfo.InvariantCulture, $"\n## {Path.GetFileNameWithoutExtension(file)}\n\n| {string.Join(" | ", rows[0].Skip(1))} |\n");
            page.Append(CultureInfo.InvariantCulture, $"|{string.Concat(Enumerable.Repeat("---|", rows[0].Length - 1))}\n");
            foreach (string[] row in rows.Skip(1)) page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Skip(1))} |\n");
        }

        return page.ToString();
    }
}
