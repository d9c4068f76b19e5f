using System.IO.Compression;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

/// <summary>Plans of BtrPlace's instances, replayed by a reader of their own: nothing is broken, nobody is left, no migration is more than needed.</summary>
public sealed class BtrplacePlanTests
{
    [Theory]
    [InlineData("grow", 1, 0)]
    [InlineData("power", 2, 2)]
    public void Shipped_instances_are_planned_without_a_fault(string name, int migrations, int boots)
    {
        (Run run, IReadOnlyList<string> faults, JToken[] _) = Plan(Path.Combine(CommandLine.Root, "datasets", "btrplace", $"{name}.json"));
        Assert.Equal((ExitCode.Done, true), (run.Code, run.Json["complete"]!.Value<bool>()));
        Assert.Empty(faults);
        Assert.Equal((migrations, boots), (run.Json["migrations"]!.Value<int>(), run.Json["boots"]!.Value<int>()));
        Assert.Equal(migrations, run.Json["migrationsBound"]!.Value<int>());
    }

    [Fact]
    public void Hosts_and_VMs_are_switched_in_the_right_order()
    {
        (_, _, JToken[] actions) = Plan(Path.Combine(CommandLine.Root, "datasets", "btrplace", "power.json"));
        JToken boot = Assert.Single(actions, a => Kind(a) == "bootHost");
        JToken off = Assert.Single(actions, a => Kind(a) == "shutdownHost");
        Assert.Equal((3, 20), (boot["host"]!.Value<int>(), boot["end"]!.Value<int>()));
        Assert.Equal(15, off["end"]!.Value<int>() - off["start"]!.Value<int>());
        Assert.Equal(2, off["after"]!.Count());
        Assert.Equal([5], actions.Where(a => Kind(a) == "shutdown").Select(a => a["vm"]!.Value<int>()));
        Assert.All(actions.Where(a => a["to"]?.Value<int>() == 3), a => Assert.Contains(boot["id"]!.Value<int>(), a["after"]!.Values<int>()));
    }

    [Fact]
    public void A_resize_names_resource_and_amount_and_waits_for_its_room()
    {
        (_, _, JToken[] actions) = Plan(Path.Combine(CommandLine.Root, "datasets", "btrplace", "grow.json"));
        JToken move = Assert.Single(actions, a => Kind(a) == "migrate");
        JToken resize = Assert.Single(actions, a => Kind(a) == "resize" && a["vm"]!.Value<int>() == 0);
        Assert.Equal(("cpu", 6, 2), (resize["resource"]!.Value<string>(), resize["amount"]!.Value<int>(), Seconds(resize)));
        Assert.Contains(move["id"]!.Value<int>(), resize["after"]!.Values<int>());
        Assert.All([move["vm"]!, move["from"]!, move["to"]!, resize["vm"]!], name => Assert.Equal(JTokenType.Integer, name.Type));
    }

    [Fact]
    public void The_replay_finds_what_is_wrong()
    {
        string input = Path.Combine(CommandLine.Root, "datasets", "btrplace", "grow.json");
        using CommandLine files = new();
        CommandLine.Run("plan", input, "--fast", "--output", files["plan.json"]);
        JObject plan = JObject.Parse(File.ReadAllText(files["plan.json"]));
        JToken resize = plan["actions"]!.First(a => Kind(a) == "resize" && a["vm"]!.Value<int>() == 0);
        (resize["start"], resize["end"]) = (0, 1);
        IReadOnlyList<string> faults = BtrplaceReplay.Faults(Read(input), plan);
        Assert.Contains(faults, f => f.StartsWith("node 0 holds 12 of cpu, it has 10", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("does not wait", StringComparison.Ordinal));
        plan["actions"] = new JArray();
        Assert.Contains(BtrplaceReplay.Faults(Read(input), plan), f => f.Contains("preserve", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("issue-100", 13)]
    [InlineData("li_r3_p5000_c33_1", 3)]
    [InlineData("li_r6_p5000_c100_1", 590)]
    [InlineData("nr_r3_p5000_c100_1", 0)]
    public void Public_instances_are_planned_with_the_fewest_migrations_and_without_a_fault(string name, int migrations)
    {
        (Run run, IReadOnlyList<string> faults, JToken[] _) = Plan(Data($"btrplace/{name}.json.gz"));
        Assert.Equal((ExitCode.Done, 0), (run.Code, run.Json["unreached"]!.Count()));
        Assert.Empty(faults);
        Assert.Equal((migrations, migrations), (run.Json["migrations"]!.Value<int>(), run.Json["migrationsBound"]!.Value<int>()));
    }

    [Fact]
    public void A_kind_of_constraint_that_cannot_be_said_is_one_clear_error()
    {
        using CommandLine files = new();
        JObject document = Read(Path.Combine(CommandLine.Root, "datasets", "btrplace", "grow.json"));
        document["constraints"]![0]!["id"] = "lonely";
        File.WriteAllText(files["p.json"], document.ToString());
        Run run = CommandLine.Run("plan", files["p.json"], "--format", "btrplace");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("constraint 0 (lonely) is of a kind that cannot be said", run.Error, StringComparison.Ordinal);
    }

    private static (Run Run, IReadOnlyList<string> Faults, JToken[] Actions) Plan(string input)
    {
        using CommandLine files = new();
        Run run = CommandLine.Run("plan", input, "--format", "btrplace", "--fast", "--time-limit", "60", "--output", files["plan.json"], "--json");
        JObject plan = JObject.Parse(File.ReadAllText(files["plan.json"]));
        return (run, BtrplaceReplay.Faults(Read(input), plan), [.. plan["actions"]!]);
    }

    private static JObject Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using JsonTextReader reader = new(new StreamReader(content));
        return JObject.Load(reader);
    }

    private static string Kind(JToken action) => action["kind"]!.Value<string>()!;

    private static int Seconds(JToken action) => action["end"]!.Value<int>() - action["start"]!.Value<int>();

    /// <summary>A file of the public datasets; skips the test if they are not there.</summary>
    private static string Data(string relative)
    {
        string? path = Environment.GetEnvironmentVariable("VIRTOPT_DATA") is { } folder ? Path.Combine(folder, relative) : null;
        for (DirectoryInfo? at = new(CommandLine.Root); path is null && at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "shared", "data", relative))) path = Path.Combine(at.FullName, "shared", "data", relative);
        if (!File.Exists(path)) Assert.Skip($"The dataset file {relative} is not here; set VIRTOPT_DATA to a folder that has it.");
        return path!;
    }
}
