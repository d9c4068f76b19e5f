using System.IO.Compression;
using System.Text;

namespace VirtOpt.Adapters.Tests;

/// <summary>Each broken file ends in one error that names the file, the place, the value and what to do.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string, string[]> BrokenProblems => new()
    {
        { "\"state\": 3, \"labels\": {\"rack\": \"r1\"}", "\"labels\": {\"rack\": \"r1\"}", ["hosts[0].state", "line 5", "(3)", "available"] },
        { "\"naem\": \"small\"", "\"name\": \"small\"", ["naem", "(name) was meant"] },
        {
            "\"demnd\": {\"cpu\": 1000, \"memory\": 1024}, \"host\": \"h1\"",
            "\"demand\": {\"cpu\": 1000, \"memory\": 1024}, \"host\": \"h1\"",
            ["vms[0]", "demnd", "(demand) was meant"]
        },
        { "{\"name\": \"cpu\"}", "{\"name\": \"cpu\", \"unit\": \"millicore\"}", ["dimensions[0]", "(unit)", "missing"] },
        { "{\"name\": \"cpu\", \"unit\": \"\"}", "{\"name\": \"cpu\", \"unit\": \"millicore\"}", ["dimensions[0].unit", "expected a name"] },
        {
            "{\"cpu\": -5, \"memory\": 8192}, \"labels\": {\"rack\": \"r2\"}",
            "{\"cpu\": 4000, \"memory\": 8192}, \"labels\": {\"rack\": \"r2\"}",
            ["hosts[1].capacity.cpu", "line 6", "(-5)"]
        },
        { "{\"cpu\": 99999999999999999999999999, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "99999999999999999999999999"] },
        { "{\"cpu\": 9000000000000000000, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "9000000000000000000"] },
        { "{\"cpu\": NaN, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "NaN"] },
        { "{\"cpu\": Infinity, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu"] },
        { "{\"cpu\": 0.5, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "(0.5)", "finer unit"] },
        { "{\"cpu\": \"500\", \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "\"500\""] },
        { "{\"cpu\": null, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand.cpu", "null"] },
        { "{\"cpu\": 500}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand", "(memory) is missing"] },
        { "{\"cpu\": 500, \"cpu\": 2, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["vms[2].demand", "(cpu) is there twice"] },
        { "{\"cpu\": 500, \"memroy\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["(memroy)", "(memory) was meant"] },
        { "{\"cpu\": 5000, \"memory\": 2048}", "{\"cpu\": 500, \"memory\": 2048}", ["VM (c) is larger than every host", "4000"] },
        { "\"name\": \"a\", \"demand\": {\"cpu\": 500", "\"name\": \"c\", \"demand\": {\"cpu\": 500", ["vms[2]", "VM (a) is there twice"] },
        {
            "\"name\": \"h1\", \"capacity\": {\"cpu\": 4000, \"memory\": 8192}, \"labels\": {\"rack\": \"r2\"}",
            "\"name\": \"h2\", \"capacity\": {\"cpu\": 4000, \"memory\": 8192}, \"labels\": {\"rack\": \"r2\"}",
            ["hosts[1]", "host (h1) is there twice"]
        },
        { "\"host\": \"h9\"", "\"host\": \"h2\"", ["vms[1].host", "no host (h9)"] },
        { "\"vms\": [\"a\", \"z\"]", "\"vms\": [\"a\", \"b\"]", ["vmGroups[0].vms[1]", "no VM (z)"] },
        { "\"vms\": [\"a\", \"a\"]", "\"vms\": [\"a\", \"b\"]", ["vmGroups[0].vms[1]", "twice"] },
        { "\"hosts\": [\"h7\"]", "\"hosts\": [\"h1\"]", ["hostGroups[0].hosts[0]", "no host (h7)"] },
        { "\"group\": \"wob\"", "\"group\": \"web\"", ["constraints[0].group", "no VM group (wob)"] },
        { "\"type\": \"sprad\"", "\"type\": \"spread\"", ["constraints[0].type", "(spread) was meant"] },
        { "\"scope\": \"row\"", "\"scope\": \"rack\"", ["constraints[0]", "row"] },
        { "\"min\": 3", "\"min\": 2", ["constraints[0]", "min (3)"] },
        { "\"mn\": 2", "\"min\": 2", ["constraints[0]", "unknown field (mn)", "(min) was meant"] },
        { "{\"weight\": -10}", "{\"weight\": 10}", ["constraints[0].soft.weight", "(-10)"] },
        { "{\"type\": \"host-price\", \"weight\": -1}", "{\"type\": \"host-price\"}", ["objectives[0]", "-1"] },
        { "{\"weight\": 1, \"type\": \"host-price\"}", "{\"type\": \"host-price\"}", ["objectives[0].weight", "expected (type)"] },
        { "{\"type\": \"fragmentation\"}", "{\"type\": \"host-price\"}", ["objectives[0]", "(shape)", "missing"] },
        { "\"version\": 2", "\"version\": 1", ["version", "(2)"] },
    };

    [Theory]
    [MemberData(nameof(BrokenProblems))]
    public void A_broken_problem_is_refused(string broken, string original, string[] said)
    {
        string text = Samples.Small.Replace(original, broken, StringComparison.Ordinal);
        Assert.NotEqual(Samples.Small, text);
        Refused(text, said);
    }

    [Fact]
    public void A_cluster_without_hosts_is_refused() =>
        Refused("""{"format": "virtopt", "version": 1, "dimensions": [{"name": "cpu", "unit": "core"}], "hosts": [], "vms": []}""", "has no host");

    [Fact]
    public void Sections_out_of_order_are_refused() =>
        Refused(
            """{"format": "virtopt", "version": 1, "hosts": [], "dimensions": [{"name": "cpu", "unit": "core"}], "vms": []}""",
            "(dimensions) comes after (hosts)");

    [Fact]
    public void A_file_that_ends_in_the_middle_is_refused()
    {
        for (int length = 30; length < Samples.Small.Length - 2; length += 37) Refused(Samples.Small[..length], "p.json");
    }

    [Fact]
    public void More_after_the_end_is_refused() => Refused(Samples.Small + "{}", "more after the end");

    [Theory]
    [InlineData("csv", "hosts.csv: line 3: (cpu [millicore]) is (-4)", "h2,4000", "h2,-4")]
    [InlineData("csv", "(cpu) is unknown", "name,cpu [millicore]", "name,cpu")]
    [InlineData("csv", "line 4: expected 9 fields; found 10", "h3,8000", "h3,8,000")]
    [InlineData("csv", "host (h1) is there twice", "h2,4000", "h1,4000")]
    [InlineData("csv", "(state) is (down)", ",available,", ",down,")]
    [InlineData("csv", "(web) is unknown", "price", "web")]
    public void A_broken_csv_file_is_refused(string format, string said, string original, string broken)
    {
        using Folder folder = new();
        string hosts = folder.Write("hosts.csv", Samples.CsvHosts.Replace(original, broken, StringComparison.Ordinal));
        string vms = folder.Write("vms.csv", Samples.CsvVms);
        Assert.Contains(said, Message(() => FormatCatalogue.Load([hosts, vms], format)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"host_id\": \"p0\"", "\"host_id\": \"p7\"", "host (p7), which does not exist")]
    [InlineData("\"data\": [\"v0\", \"v1\"]", "\"data\": [\"v0\", \"v7\"]", "VM (v7), which does not exist")]
    [InlineData("\"granularity\": \"rack\"", "\"granularity\": \"room\"", "granularity is (room)")]
    [InlineData("\"cpu\": 8", "\"cpu\": -8", "numa[0].cpu")]
    [InlineData("\"cpu\": 8", "\"cpu\": 8.5", "(8.5)")]
    [InlineData("\"instance_id\": \"v1\"", "\"instance_id\": \"v0\"", "VM (v0) is there twice")]
    [InlineData("\"node\": 1, \"cpu\": 8", "\"node\": 5, \"cpu\": 8", "NUMA nodes (5)")]
    public void A_broken_vmr2l_file_is_refused(string original, string broken, string said) =>
        Refused(Samples.Vmr2l.Replace(original, broken, StringComparison.Ordinal), said);

    [Theory]
    [InlineData("\"id\": 11", "\"id\": 10", "computer (10) is there twice")]
    [InlineData("\"requiredCpuPower\": 3", "\"requiredCpuPower\": 30", "larger than every host")]
    [InlineData("\"cost\": 90", "\"cost\": -90", "computerList[1].cost")]
    [InlineData("\"computer\": null, \"id\": 1", "\"computer\": 99, \"id\": 1", "computer (99), which does not exist")]
    public void A_broken_cloud_balancing_file_is_refused(string original, string broken, string said) =>
        Refused(Samples.CloudBalancing.Replace(original, broken, StringComparison.Ordinal), said);

    [Theory]
    [InlineData("virtopt")]
    [InlineData("vmr2l")]
    [InlineData("cloudbalancing")]
    public void A_file_of_another_format_is_refused(string format)
    {
        foreach (string text in (string[])[Samples.Small, Samples.Vmr2l, Samples.CloudBalancing, Samples.CsvHosts, "", "[]", "null", "7"])
            if (FormatCatalogue.Entries.All(f => f.Name != format || !f.Recognises(new FormatProbe("x", text, 1))))
                Message(() => Texts.Read(text, format));
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused()
    {
        using Folder folder = new();
        byte[] packed = Pack(Texts.Write(ClusterGenerator.Generate(new(20, 300))));
        Assert.Equal(300, FormatCatalogue.Load([folder.Write("whole.json.gz", packed)]).Problem.Cluster.Vms.Count);
        Assert.Equal(300, FormatCatalogue.Load([folder.Write("whole.json", packed)]).Problem.Cluster.Vms.Count);
        for (int length = 20; length < packed.Length; length += packed.Length / 9)
        {
            string cut = folder.Write("cut.json.gz", packed[..length]);
            Assert.Contains("cut.json.gz", Message(() => FormatCatalogue.Load([cut], "virtopt")), StringComparison.Ordinal);
        }

        Assert.Contains("1f 8b", Message(() => FormatCatalogue.Load([folder.Write("fake.json.gz", Samples.Small)])), StringComparison.Ordinal);
        byte[] rows = Pack(Samples.CsvVms);
        string hosts = folder.Write("hosts.csv", Samples.CsvHosts);
        Assert.Contains("vms.csv.gz", Message(() => FormatCatalogue.Load([hosts, folder.Write("vms.csv.gz", rows[..^12])], "csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_is_refused_at_once()
    {
        using Folder folder = new();
        byte[] garbage = new byte[4_000_000];
        new Random(5).NextBytes(garbage);
        garbage[0] = 7;
        string path = folder.Write("garbage.json", garbage);
        Message(() => FormatCatalogue.Load([path]));
        foreach (IProblemFormat format in FormatCatalogue.Entries)
            Message(() => FormatCatalogue.Load(format.Name == "csv" ? [path, path] : [path], format.Name));
        Message(() => FormatCatalogue.Load([folder.Path("missing.json")]));
        Message(() => FormatCatalogue.Load([folder.Path("")]));
        Message(() => FormatCatalogue.Load([]));
        Message(() => FormatCatalogue.Load([folder.Path("garbage.json")], "nonesuch"));
        Message(() => Texts.Read(new string('[', 100_000), "virtopt"));
        Message(() => Texts.Read(string.Concat(Enumerable.Repeat("{\"cluster_list\":", 1000)), "vmr2l"));
    }

    [Fact]
    public void A_failed_write_leaves_nothing_behind_and_keeps_the_old_file()
    {
        using Folder folder = new();
        string path = folder.Write("out.json", "old");
        Assert.Throws<InvalidInputException>(() => Files.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidInputException("no");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["out.json"], folder.Names());
        Message(() => Files.Write(folder.Path(Path.Combine("missing", "out.json")), _ => { }));
    }

    [Fact]
    public void A_solution_of_another_problem_is_refused()
    {
        using Folder folder = new();
        LoadedProblem small = FormatCatalogue.Load([folder.Write("p.json", Samples.Small)]);
        string Solution(string vm, string host) =>
            folder.Write("s.json", $$"""{"format": "virtopt-solution", "version": 1, "placement": [{"vm": "{{vm}}", "host": "{{host}}"}]}""");
        Assert.False(small.ReadSolution(Solution("a", "h2")).IsPlaced(new VmId(1)));
        Assert.Contains("placement[0].vm", Message(() => small.ReadSolution(Solution("z", "h1"))), StringComparison.Ordinal);
        Assert.Contains("placement[0].host", Message(() => small.ReadSolution(Solution("a", "h9"))), StringComparison.Ordinal);
        Message(() => small.ReadSolution(folder.Path("p.json")));
    }

    private static void Refused(string text, params string[] said)
    {
        using Folder folder = new();
        string message = Message(() => FormatCatalogue.Load([folder.Write("p.json", text)]));
        Assert.Contains("p.json", message, StringComparison.Ordinal);
        foreach (string part in said) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    /// <summary>The message of the error that an action must end in.</summary>
    private static string Message(Action action)
    {
        string message = Assert.Throws<InvalidInputException>(action).Message;
        Assert.Contains("\nMaybe ", message, StringComparison.Ordinal);
        Assert.True(message.Length < 3000, message);
        return message;
    }

    private static byte[] Pack(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
