using System.Globalization;
using System.IO.Compression;

namespace VirtOpt.Cli.Tests;

/// <summary>
/// A published instance of the ROADEF/EURO 2012 challenge from file to file, judged by a reading of the files that shares nothing with VirtOpt.
/// </summary>
public sealed class RoadefSolveTests
{
    private const long PublishedOptimum = 44_306_501;

    [Fact]
    public void A_small_instance_reaches_its_published_optimum()
    {
        string model = Data("model_a1_1.txt.gz");
        string assignment = Data("assignment_a1_1.txt.gz");
        using CommandLine files = new();
        string output = files["new.txt"];
        Run run = CommandLine.Run("solve", model, assignment, "--time-limit", "20", "--output", output, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        long[] moved = Numbers(output);
        Challenge challenge = new(Numbers(model), Numbers(assignment));
        Assert.Equal(49_528_750, challenge.Cost(Numbers(assignment)));
        Assert.Equal(PublishedOptimum, challenge.Cost(moved));
        Assert.Equal(PublishedOptimum, (long)run.Json["objective"]!);
        Assert.Equal("", challenge.Broken(moved));
    }

    /// <summary>Published lower bounds (team J12) and costs (team S41): the bound lies between the two, on instances of all sizes.</summary>
    [Theory]
    [InlineData("a1_3", 583_005_700, 583_006_422)]
    [InlineData("a1_4", 242_387_530, 262_125_116)]
    [InlineData("a2_4", 1_680_222_380, 1_680_615_349)]
    [InlineData("b_1", 3_290_754_940, 3_353_533_859)]
    public void Bounds_are_no_worse_than_the_published_ones(string instance, long published, long cost)
    {
        string model = Data($"model_{instance}.txt.gz");
        string assignment = Data($"assignment_{instance}.txt.gz");
        Run run = CommandLine.Run("solve", model, assignment, "--time-limit", "2", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.InRange((double)run.Json["bound"]!, published, cost);
    }

    private static string Data(string name)
    {
        string folder = Environment.GetEnvironmentVariable("VIRTOPT_DATA") ?? Above();
        string path = Path.Combine(folder, "roadef2012", name);
        if (!File.Exists(path)) Assert.Skip($"The dataset file {name} is not here; set VIRTOPT_DATA to a folder that has it.");
        return path;
    }

    private static string Above()
    {
        for (DirectoryInfo? at = new(CommandLine.Root); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "shared", "data"))) return Path.Combine(at.FullName, "shared", "data");
        return CommandLine.Root;
    }

    private static long[] Numbers(string path)
    {
        using Stream file = File.OpenRead(path);
        using StreamReader text = new(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return [.. text.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => long.Parse(w, CultureInfo.InvariantCulture))];
    }

    /// <summary>An instance as the challenge's page describes it.</summary>
    private sealed class Challenge
    {
        private readonly Queue<long> numbers;
        private readonly long[] start;
        private readonly (long IsTransient, long Weight)[] resources;
        private readonly (long Neighbourhood, long Location, long[] Capacity, long[] Safety, long[] Costs)[] machines;
        private readonly (long Spread, long[] DependsOn)[] services;
        private readonly (long Service, long[] Needs, long Cost)[] processes;
        private readonly (long First, long Second, long Target, long Weight)[] balances;
        private readonly long[] weights;

        public Challenge(long[] model, long[] start)
        {
            (numbers, this.start) = (new Queue<long>(model), start);
            resources = Many(() => (Next(), Next()));
            int r = resources.Length;
            int m = (int)Next();
            machines = [.. Enumerable.Range(0, m).Select(_ => (Next(), Next(), Row(r), Row(r), Row(m)))];
            services = Many(() => (Next(), Row((int)Next())));
            processes = Many(() => (Next(), Row(r), Next()));
            balances = Many(() => (Next(), Next(), Next(), Next()));
            weights = Row(3);
            Assert.Empty(numbers);
        }

        public long Cost(long[] at)
        {
            long cost = 0;
            for (int m = 0; m < machines.Length; m++)
            {
                for (int r = 0; r < resources.Length; r++) cost += resources[r].Weight * Math.Max(0, Usage(at, m, r) - machines[m].Safety[r]);
                foreach ((long first, long second, long target, long weight) in balances)
                    cost += weight * Math.Max(0, (target * Free(at, m, first)) - Free(at, m, second));
            }

            int[] moved = [.. Enumerable.Range(0, at.Length).Where(p => at[p] != start[p])];
            cost += weights[0] * moved.Sum(p => processes[p].Cost);
            cost += weights[1] * moved.GroupBy(p => processes[p].Service).Select(g => g.Count()).DefaultIfEmpty().Max();
            return cost + (weights[2] * moved.Sum(p => machines[start[p]].Costs[at[p]]));
        }

        public string Broken(long[] at)
        {
            for (int m = 0; m < machines.Length; m++)
                for (int r = 0; r < resources.Length; r++)
                    if (Usage(at, m, r) + (resources[r].IsTransient * Left(at, m, r)) > machines[m].Capacity[r])
                        return $"capacity of machine {m}, resource {r}";
            for (int s = 0; s < services.Length; s++)
            {
                long[] on = On(at, s);
                if (on.Distinct().Count() < on.Length) return $"conflict of service {s}";
                if (on.Select(m => machines[m].Location).Distinct().Count() < services[s].Spread) return $"spread of service {s}";
                foreach (long other in services[s].DependsOn)
                    if (on.Select(Area).Except(On(at, other).Select(Area)).Any()) return $"dependency of service {s} on {other}";
            }

            return "";
        }

        private long Area(long machine) => machines[machine].Neighbourhood;

        private long[] On(long[] at, long service) => [.. Enumerable.Range(0, at.Length).Where(p => processes[p].Service == service).Select(p => at[p])];

        private long Usage(long[] at, int machine, long resource) =>
            Enumerable.Range(0, at.Length).Where(p => at[p] == machine).Sum(p => processes[p].Needs[resource]);

        private long Left(long[] at, int machine, int resource) =>
            Enumerable.Range(0, at.Length).Where(p => start[p] == machine && at[p] != machine).Sum(p => processes[p].Needs[resource]);

        private long Free(long[] at, int machine, long resource) => machines[machine].Capacity[resource] - Usage(at, machine, resource);

        private long Next() => numbers.Dequeue();

        private long[] Row(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

        private T[] Many<T>(Func<T> read) => [.. Enumerable.Range(0, (int)Next()).Select(_ => read())];
    }
}
