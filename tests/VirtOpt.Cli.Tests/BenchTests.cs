using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

/// <summary>The command <c>virtopt bench</c> from file to file, on the shipped instance.</summary>
public sealed class BenchTests
{
    private const string Tiny = """
        {
          "name": "tiny",
          "seeds": [1, 2],
          "timeLimits": [10],
          "threads": 1,
          "sources": {"somebody": "a paper"},
          "cases": [
            {"instance": "six-hosts", "input": ["six-hosts.json"], "peer": {"name": "somebody", "value": 2, "initial": 8}},
            {"instance": "made", "generate": {"hosts": 2, "vms": 4}, "objective": "consolidate", "seeds": [1]}
          ]
        }
        """;

    [Fact]
    public void A_suite_leaves_rows_curves_page_and_plots()
    {
        using CommandLine files = new();
        Run run = Bench(files, Tiny);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        string[] rows = File.ReadAllLines(files["out/tiny.csv"]);
        Assert.Equal(
            "suite,instance,setting,hosts,vms,seed,limit_s,threads,status,objective,bound,gap,time_to_best_s,migrations,hops,violations,wall_s,memory_mib,"
            + "baseline,figure,peer,peer_value,score",
            rows[0]);
        Assert.Equal(4, rows.Length);
        Assert.StartsWith("tiny,six-hosts,as given,6,16,1,10,1,optimal,3,3,0,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",somebody,2,12.5", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("tiny,six-hosts,as given,6,16,2,10,1,optimal,3,3,0,", rows[2], StringComparison.Ordinal);
        Assert.StartsWith("tiny,made,consolidate,2,4,1,10,1,", rows[3], StringComparison.Ordinal);
        string[] curves = File.ReadAllLines(files["out/tiny.curves.csv"]);
        Assert.Contains(curves, line => line.StartsWith("tiny,six-hosts,as given,2,10,1,", StringComparison.Ordinal) && line.EndsWith(",6,,start"));
        string page = File.ReadAllText(files["out/tiny.md"]);
        foreach (string part in (string[])["# Ledger of the suite tiny", "somebody: a paper", "| 12.5 (1 run) |", "](tiny.plots/gap-by-size.svg)"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.DoesNotContain(files.Folder, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Plots_are_drawn_as_svg_and_png_and_can_be_drawn_again_from_the_files()
    {
        using CommandLine files = new();
        Bench(files, Tiny);
        string[] plots = Plots(files);
        Assert.Equal(["cost-made-consolidate", "cost-six-hosts-as-given", "gap-by-size", "performance-profile"], plots);
        foreach (string plot in plots)
        {
            Assert.Contains("<svg", File.ReadAllText(files[$"out/tiny.plots/{plot}.svg"]), StringComparison.Ordinal);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(files[$"out/tiny.plots/{plot}.png"])[..4]);
        }

        string rows = File.ReadAllText(files["out/tiny.csv"]);
        Directory.Delete(files["out/tiny.plots"], recursive: true);
        Assert.Empty(Bench(files, Tiny, "--plots-only").Json["runs"]!);
        Assert.Equal(plots, Plots(files));
        Assert.Equal(rows, File.ReadAllText(files["out/tiny.csv"]));
    }

    [Fact]
    public void Runs_that_are_in_the_ledger_are_not_repeated()
    {
        using CommandLine files = new();
        Bench(files, Tiny);
        string[] before = File.ReadAllLines(files["out/tiny.csv"]);
        File.WriteAllLines(files["out/tiny.csv"], before.Where((_, line) => line != 1));
        JObject rest = Bench(files, Tiny).Json;
        Assert.Equal((1, 2), (rest["runs"]!.Count(), rest["kept"]!.Value<int>()));
        string[] after = File.ReadAllLines(files["out/tiny.csv"]);
        Assert.Equal(before[2..], after[2..]);
        Assert.Equal(before[1].Split(',')[..12], after[1].Split(',')[..12]);
        Assert.Empty(Bench(files, Tiny).Json["runs"]!);
        Assert.Equal(3, Bench(files, Tiny, "--again").Json["runs"]!.Count());
        Assert.Equal(4, File.ReadAllLines(files["out/tiny.csv"]).Length);
    }

    [Fact]
    public void Instances_seeds_limits_and_threads_can_be_chosen()
    {
        using CommandLine files = new();
        JToken run = Assert.Single(Bench(files, Tiny, "--instance", "six*", "--seed", "7", "--time-limit", "9", "--threads", "2").Json["runs"]!);
        Assert.Equal(("six-hosts", 7, 9, 2), ((string)run["instance"]!, (int)run["seed"]!, (int)run["limit_s"]!, (int)run["threads"]!));
        Run refused = Bench(files, Tiny, "--instance", "sixhosts");
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("(sixhosts) of --instance", refused.Error, StringComparison.Ordinal);
        Assert.Contains("(six-hosts) was meant", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_without_its_data_is_skipped_with_the_reason()
    {
        using CommandLine files = new();
        string suite = Tiny.Replace("[\"six-hosts.json\"]", "[\"six-hosts.json\", \"gone.json\"]", StringComparison.Ordinal);
        Run run = Bench(files, suite);
        Assert.Equal(ExitCode.Done, run.Code);
        JToken skipped = Assert.Single(run.Json["skipped"]!);
        Assert.Equal("six-hosts", (string)skipped["instance"]!);
        Assert.StartsWith("gone.json is neither in ", (string)skipped["reason"]!, StringComparison.Ordinal);
        Assert.Equal("made", (string)Assert.Single(run.Json["runs"]!)["instance"]!);
        Assert.Contains("not here yet: six-hosts (as given)", File.ReadAllText(files["out/tiny.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_is_exit_code_130_and_enters_nothing_half_done()
    {
        using CommandLine files = new();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Run run = Bench(files, Tiny, cancelled.Token);
        Assert.Equal(ExitCode.Cancelled, run.Code);
        Assert.True((bool)run.Json["cancelled"]!);
        Assert.False(File.Exists(files["out/tiny.csv"]));
    }

    [Theory]
    [InlineData("\"seeds\": [1, 2]", "\"seeds\": [1, 1]", "seeds", "(1) is there twice")]
    [InlineData("\"seeds\": [1, 2]", "\"seeds\": [-1]", "seeds[0]", "(-1)")]
    [InlineData("\"timeLimits\": [10]", "\"timeLimits\": [0.5]", "timeLimits[0]", "(0.5)")]
    [InlineData("\"timeLimits\": [10],", "", "suite.json", "(six-hosts, as given) has no time limit")]
    [InlineData("\"objective\": \"consolidate\"", "\"objective\": \"speed\"", "cases[1].objective", "(\"speed\")")]
    [InlineData("\"input\": [\"six-hosts.json\"]", "\"inputs\": [\"six-hosts.json\"]", "cases[0].inputs", "(input) was meant")]
    [InlineData("\"input\": [\"six-hosts.json\"],", "", "cases[0]", "(six-hosts) needs either (input) or (generate)")]
    [InlineData("\"initial\": 8", "\"initial\": 0", "cases[0].peer.initial", "above 0")]
    [InlineData("\"name\": \"tiny\"", "\"name\": \"../tiny\"", "name", "(\"../tiny\")")]
    [InlineData("\"made\", \"generate\": {\"hosts\": 2, \"vms\": 4}", "\"six-hosts\", \"setting\": \"as given\", \"input\": [\"a\"]", "suite.json", "2 times")]
    public void A_broken_suite_ends_in_one_clear_error(string found, string broken, string place, string problem)
    {
        using CommandLine files = new();
        Assert.Contains(found, Tiny, StringComparison.Ordinal);
        Run run = Bench(files, Tiny.Replace(found, broken, StringComparison.Ordinal));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith($"virtopt: {files["suite.json"]}: ", run.Error, StringComparison.Ordinal);
        foreach (string part in (string[])[place, problem, "\nMaybe "]) Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(files["out"]));
    }

    [Fact]
    public void A_ledger_that_was_changed_by_hand_is_refused()
    {
        using CommandLine files = new();
        Bench(files, Tiny);
        string[] rows = File.ReadAllLines(files["out/tiny.csv"]);
        rows[1] = rows[1].Replace(",somebody,2,", ",somebody,two,", StringComparison.Ordinal);
        File.WriteAllLines(files["out/tiny.csv"], rows);
        Run run = Bench(files, Tiny);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("tiny.csv: line 2: (peer_value) is (two)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void People_see_a_table_and_where_the_files_are()
    {
        using CommandLine files = new();
        File.WriteAllText(files["suite.json"], Tiny);
        Run run = CommandLine.Run("bench", files["suite.json"], "--output", files["out"], "--instance", "made");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        foreach (string part in (string[])["consolidate", "1 run done, 0 kept from before.", "tiny.md"])
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_bar_is_shown_on_a_terminal_unless_a_program_reads(bool isShown, bool json)
    {
        using CommandLine files = new();
        using StringWriter error = new();
        File.WriteAllText(files["suite.json"], Tiny);
        string[] words = ["bench", files["suite.json"], "--output", files["out"], "--instance", "made", .. json ? (string[])["--json"] : []];
        Assert.Equal(ExitCode.Done, VirtOptCommand.Invoke(words, new Terminal(TextWriter.Null, error) { IsErrorTerminal = true }));
        Assert.Equal(isShown, error.ToString().Contains("1 of 1  made, consolidate", StringComparison.Ordinal));
        Assert.Equal(isShown, error.ToString().Length > 0);
    }

    private static Run Bench(CommandLine files, string suite, params string[] options) => Bench(files, suite, CancellationToken.None, options);

    private static Run Bench(CommandLine files, string suite, CancellationToken cancellation, params string[] options)
    {
        File.WriteAllText(files["suite.json"], suite);
        string data = Path.GetDirectoryName(CommandLine.SixHosts)!;
        return CommandLine.Run(cancellation, ["bench", files["suite.json"], "--data", data, "--output", files["out"], .. options, "--json"]);
    }

    private static string[] Plots(CommandLine files) =>
        [.. Directory.GetFiles(files["out/tiny.plots"], "*.svg").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];
}
