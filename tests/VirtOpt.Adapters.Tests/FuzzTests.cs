using System.Text;

namespace VirtOpt.Adapters.Tests;

/// <summary>Broken files end in <see cref="InvalidInputException"/> and in nothing else. VIRTOPT_FUZZ sets the number of files per format.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Snippets =
    [
        "null", "NaN", "-1", "1e999", "99999999999999999999", "0.5", "\"\"", "\"h1\"", "{}", "[]", "true", "{", "}", "]", "\"", ",", ":", "//",
        "\\u0000", "\0", "é", "16", "\"name\":",
    ];

    private static int Files => int.TryParse(Environment.GetEnvironmentVariable("VIRTOPT_FUZZ"), out int files) ? files : 400;

    [Theory]
    [InlineData("virtopt", Samples.Small)]
    [InlineData("virtopt", Samples.Full)]
    [InlineData("vmr2l", Samples.Vmr2l)]
    [InlineData("cloudbalancing", Samples.CloudBalancing)]
    public void Broken_json_is_refused_or_read(string format, string sample)
    {
        using Folder folder = new();
        Random random = new(sample.Length);
        for (int i = 0; i < Files; i++) Try(() => FormatCatalogue.Load([folder.Write("p.json", Mutate(sample, random))], format));
    }

    [Fact]
    public void Broken_csv_is_refused_or_read()
    {
        using Folder folder = new();
        Random random = new(9);
        for (int i = 0; i < Files; i++)
        {
            string hosts = folder.Write("h.csv", Mutate(Samples.CsvHosts, random));
            Try(() => FormatCatalogue.Load([hosts, folder.Write("v.csv", Mutate(Samples.CsvVms, random))], "csv"));
        }
    }

    [Fact]
    public void Broken_htools_is_refused_or_read()
    {
        using Folder folder = new();
        string sample = File.ReadAllText(Repository.Path("datasets/htools/five-nodes.htools"));
        Random random = new(11);
        for (int i = 0; i < Files; i++) Try(() => FormatCatalogue.Load([folder.Write("p.htools", Mutate(sample, random))], "htools"));
    }

    [Fact]
    public void Broken_solutions_are_refused_or_read()
    {
        using Folder folder = new();
        LoadedProblem loaded = FormatCatalogue.Load([folder.Write("p.json", Samples.Full)]);
        Placement placement = new([loaded.Problem.Cluster.Vms[0].Start!.Value, new Place(new HostId(0))]);
        loaded.SaveSolution(folder.Path("s.json"), Texts.Solution(loaded.Problem, placement), Texts.Plan(loaded.Problem, placement));
        string sample = File.ReadAllText(folder.Path("s.json"));
        Random random = new(4);
        for (int i = 0; i < Files; i++)
            Try(() =>
            {
                PlacementChecker.Check(loaded.Problem, loaded.ReadSolution(folder.Write("s.json", Mutate(sample, random))));
                return loaded;
            });
    }

    private static void Try(Func<LoadedProblem> load)
    {
        try
        {
            PlacementProblem problem = load().Problem;
            PlacementChecker.Check(problem, Placement.StartOf(problem.Cluster));
        }
        catch (InvalidInputException)
        {
            // That is what broken input must end in.
        }
    }

    private static byte[] Mutate(string text, Random random)
    {
        StringBuilder mutated = new(text);
        for (int n = random.Next(1, 4); n > 0 && mutated.Length > 4; n--)
        {
            int at = random.Next(mutated.Length);
            int length = Math.Min(random.Next(1, 12), mutated.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    mutated.Remove(at, length);
                    break;
                case 1:
                    mutated.Insert(at, Snippets[random.Next(Snippets.Length)]);
                    break;
                case 2:
                    mutated.Remove(at, length).Insert(at, Snippets[random.Next(Snippets.Length)]);
                    break;
                case 3:
                    mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length));
                    break;
                default:
                    ReplaceNumber(mutated, at, random);
                    break;
            }
        }

        byte[] bytes = Encoding.UTF8.GetBytes(mutated.ToString());
        if (random.Next(4) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static void ReplaceNumber(StringBuilder text, int from, Random random)
    {
        int at = from;
        while (at < text.Length && !char.IsAsciiDigit(text[at])) at++;
        if (at < text.Length) text.Remove(at, 1).Insert(at, Snippets[random.Next(Snippets.Length)]);
    }
}
