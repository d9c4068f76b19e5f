namespace VirtOpt.Forecasting.Tests;

public sealed class CleaningTests : IDisposable
{
    private const double Start = 1_767_225_600;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-history-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Clean_samples_pass_without_a_note()
    {
        CleanedHistory clean = Clean(Series("a", Times(50), Values(50)));
        Assert.Empty(clean.Report.Notes);
        Assert.Equal((50, TimeSpan.FromSeconds(300)), (clean.History.Grid.Slots, clean.History.Grid.Step));
        Assert.Equal(Values(50).Select(v => (float)v), clean.History.Series[0].Values.ToArray());
    }

    [Fact]
    public void Time_that_goes_backwards_and_duplicates_are_put_right()
    {
        double[] times = Times(50);
        double[] values = Values(50);
        (times[7], times[8], values[7], values[8]) = (times[8], times[7], values[8], values[7]);
        CleanedHistory clean = Clean(Series("a", [.. times, times[20]], [.. values, 99]));
        Assert.Equal(["time went backwards: samples put in order", "several samples at the same time: the last one kept"], Kinds(clean));
        float[] expected = [.. Values(50).Select(v => (float)v)];
        expected[20] = 99;
        Assert.Equal(expected, clean.History.Series[0].Values.ToArray());
    }

    [Fact]
    public void A_clock_that_is_set_back_is_carried_on()
    {
        double[] times = [.. Times(100).Select((t, i) => i < 40 ? t : t - 3600)];
        CleanedHistory clean = Clean(Series("a", times, Values(100)));
        Assert.Equal(["clock set back by an hour: later samples moved on by an hour"], Kinds(clean));
        Assert.Equal(Values(100).Select(v => (float)v), clean.History.Series[0].Values.ToArray());
    }

    [Fact]
    public void A_thousand_times_too_much_is_divided_where_the_capacity_tells()
    {
        double[] values = [.. Values(50).Select((v, i) => i >= 30 ? v * 1000 : v)];
        CleanedHistory clean = Clean(Series("a", Times(50), values) with { Capacity = 40 });
        Assert.Equal(["a thousand times too large: divided by 1000"], Kinds(clean));
        Assert.Equal(Values(50).Select(v => (float)v), clean.History.Series[0].Values.ToArray());
    }

    [Fact]
    public void Amounts_that_cannot_be_become_gaps()
    {
        double[] values = Values(50);
        (values[3], values[4], values[5], values[6]) = (-1, double.PositiveInfinity, 180, 110);
        CleanedHistory clean = Clean(Series("a", Times(50), values) with { Capacity = 100 });
        Assert.Equal(
            [
                "no number: taken as a gap", "negative: taken as a gap", "far above the VM's capacity: taken as a gap", "above the VM's capacity: kept",
                "slots without a sample",
            ],
            Kinds(clean));
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 50).Where(i => !clean.History.Series[0].IsObserved(i)));
    }

    [Fact]
    public void Mixed_intervals_share_the_grid_of_most()
    {
        CleanedHistory clean = Clean(
            Series("a", Times(60), Values(60)), Series("b", Times(60), Values(60, 2)), Series("slow", Times(20, 900), Values(20, 3)), Series("fast",
                Times(300, 60), Values(300, 4)));
        Assert.Equal(TimeSpan.FromSeconds(300), clean.History.Grid.Step);
        Assert.Equal(["sampled more rarely than most: each sample held", "sampled more often than most: mean of a slot taken"], Kinds(clean));
        Assert.Equal((float)Values(20, 3)[4], clean.History.Find("slow", "cpu")!.Values[14]);
        Assert.Equal(Values(300, 4)[10..15].Average(), clean.History.Find("fast", "cpu")!.Values[2], 3);
    }

    [Fact]
    public void Zeros_one_sample_copies_late_starts_and_new_names_are_told()
    {
        double[] times = Times(60);
        CleanedHistory clean = Clean(
            Series("a", times, Values(60)), Series("copy", times, Values(60)), Series("zero", times, new double[60]), Series("one", [times[9]], [5]),
            Series("old", times[..30], Values(30, 5)), Series("new", times[30..], Values(30, 6)));
        Assert.Equal(
            [
                "all samples are 0", "only one sample", "begins after the first slot: a new VM", "begins after the first slot: a new VM",
                "same samples as another VM: kept, a copy perhaps", "ends where another VM begins: kept, renamed perhaps",
            ],
            Kinds(clean));
        Assert.Contains(clean.Report.Summary, l => l.StartsWith("begins after the first slot: a new VM: 2 series", StringComparison.Ordinal));
    }

    [Fact]
    public void Milliseconds_are_recognised_and_mixed_units_refused()
    {
        CleanedHistory clean = Clean(Series("a", [.. Times(50).Select(t => t * 1000)], Values(50)));
        Assert.Equal(["times in milliseconds taken for what they are"], Kinds(clean));
        Assert.Equal(50, clean.History.Grid.Slots);
        Refused("some times of VM (a)", Series("a", [.. Times(50).Select((t, i) => i == 3 ? t * 1000 : t)], Values(50)));
    }

    [Fact]
    public void What_cannot_be_is_refused_with_one_clear_error()
    {
        Refused("no VM has two samples", Series("a", [Start], [1]));
        Refused("VM (a) has no samples", Series("a", [], []));
        Refused("the samples reach", Series("a", [.. Times(50), Start * 9], Values(51)));
        Refused("two series of VM (a)", Series("a", Times(5), Values(5)), Series("a", Times(5), Values(5)));
        Assert.Throws<InvalidInputException>(() => HistoryCleaner.Clean("test", []));
    }

    [Fact]
    public void Own_files_are_read_with_their_units_and_capacities()
    {
        string path = Write("h.csv", "vm,time,cpu [%],memory [MiB],memory capacity [MiB]",
            [.. Enumerable.Range(0, 30).Select(i => $"web,2026-01-01T{i / 12:00}:{i % 12 * 5:00}:00Z,{10 + i},{500 + i},2048")]);
        CleanedHistory clean = HistoryFormatCatalogue.Find("csv").Read(path);
        Assert.Equal((30, 2), (clean.History.Grid.Slots, clean.History.Series.Count));
        Assert.Equal(new Dimension("memory", "MiB"), clean.History.Series[1].Dimension);
        Assert.Equal((39f, 529f), (clean.History.Series[0].Values[29], clean.History.Find("web", "memory")!.Values[29]));
        Assert.Equal(2048 * 1.25, clean.History.Series[1].Capacity);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), clean.History.Grid.Start);
    }

    [Theory]
    [InlineData("vm,cpu [%]", "a,1", "the column (time) is missing")]
    [InlineData("vm,time", "a,1", "no column of a dimension")]
    [InlineData("vm,time,cpu [%]", "a,soon,1", "line 2: (soon) is not a time")]
    [InlineData("vm,time,cpu [%]", "a,1,\"1,5\"", "(1,5) in column (cpu [%]) is not a number")]
    [InlineData("vm,time,cpu [%]", ",1,2", "line 2: (vm) is empty")]
    public void Own_files_that_cannot_be_are_refused(string header, string line, string message)
    {
        string path = Write("h.csv", header, line);
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => CsvHistory.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bitbrains_files_are_read()
    {
        string header = string.Join(";\t", (string[])["Timestamp [ms]", .. Enumerable.Range(1, 10).Select(i => $"column {i}")]);
        Write("1.csv", header, [.. Enumerable.Range(0,
            20).Select(i => $"{Start + (300 * i)};\t2;\t5851.9;\t7E2;\t{i}.5;\t{(i < 9 ? 2097152 : 4194304)}.0;\t1048576.0;\t0;\t1;\t11;\t27.2")]);
        CleanedHistory clean = BitbrainsHistory.Read(folder.FullName);
        Assert.Equal((19.5f, 1024f), (clean.History.Find("1", "cpu")!.Values[19], clean.History.Find("1", "memory")!.Values[19]));
        Assert.Equal(["the VM was resized"], Kinds(clean));
        Write("3.csv", header, "1;2");
        Assert.Contains("3.csv, line 2: there are 2 columns", Assert.Throws<InvalidInputException>(() => BitbrainsHistory.Read(folder.FullName)).Message,
            StringComparison.Ordinal);
        Write("3.csv", "x", "1;2");
        Assert.Contains("not the header", Assert.Throws<InvalidInputException>(() => BitbrainsHistory.Read(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanetLab_days_lie_side_by_side()
    {
        foreach (string day in (string[])["20110303", "20110306"])
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, day));
            Write(Path.Combine(day, "vm1"), "7", [.. Enumerable.Repeat("9", 287)]);
        }

        DemandHistory history = PlanetLabHistory.Read(folder.FullName).History;
        Assert.Equal(["20110303/vm1", "20110306/vm1"], history.Series.Select(s => s.Vm));
        Assert.Equal((7f, 9f, 100.0), (history.Series[0].Values[0], history.Series[1].Values[287], history.Series[1].Capacity));
        Assert.Equal(2011, PlanetLabHistory.Read(Path.Combine(folder.FullName, "20110306")).History.Grid.Start.Year);
    }

    [Fact]
    public void Whatever_is_thrown_in_comes_out_clean_or_is_refused()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            SampleSeries[] sources =
            [
                .. Enumerable.Range(0, 3).Select(vm =>
                {
                    int count = random.Next(0, 40);
                    double[] values = [.. Enumerable.Range(0, count).Select(_ => random.Next(12) switch { 0 => -3, 1 => double.NaN, 2 => 5e4,
                        3 => double.NegativeInfinity, _ => random.NextDouble() * 100 })];
                    double[] times = [.. Enumerable.Range(0, count).Select(i => Start + (300 * i) + (random.Next(9) == 0 ? random.Next(-9000, 9000) : 0))];
                    return Series($"{vm}", times, values) with { Capacity = random.Next(2) == 0 ? 100 : null };
                }),
            ];
            try
            {
                foreach (DemandSeries one in HistoryCleaner.Clean("test", sources).History.Series)
                    Assert.All(one.Values.ToArray(), v => Assert.True(float.IsNaN(v) || (v >= 0 && v <= (one.Capacity ?? double.MaxValue))));
            }
            catch (InvalidInputException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static void Refused(string message, params SampleSeries[] sources) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => Clean(sources)).Message, StringComparison.Ordinal);

    private static CleanedHistory Clean(params SampleSeries[] sources) => HistoryCleaner.Clean("test", sources);

    private static string[] Kinds(CleanedHistory clean) => [.. clean.Report.Notes.Select(n => n.Kind)];

    private static SampleSeries Series(string vm, double[] times, double[] values) => new($"file of {vm}", vm, Tiny.Cpu, times, values);

    private static double[] Times(int count, double step = 300) => [.. Enumerable.Range(0, count).Select(i => Start + (step * i))];

    private static double[] Values(int count, int seed = 1) => [.. Tiny.Random(count, seed).Select(v => (double)v)];

    private string Write(string name, string header, params string[] lines)
    {
        string path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, string.Join('\n', (string[])[header, .. lines]));
        return path;
    }
}
