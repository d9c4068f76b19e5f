namespace VirtOpt.Adapters.Tests;

public sealed class UsageStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-store-");

    private string StoreFile => Path.Combine(folder.FullName, "usage.db");

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Sums_agree_with_a_naive_count_of_all_samples(int seed)
    {
        Random random = new(seed);
        List<(string Vm, long Second, long Cpu)> all = [];
        using (UsageStore store = UsageStore.Open(StoreFile))
        {
            for (int second = 0; second < 4 * 3600; second += random.Next(20, 90))
            {
                (string Vm, long Second, long Cpu)[] round =
                    [.. new[] { "a", "b" }.Where(_ => random.Next(8) > 0).Select(vm => (vm, (long)second, (long)random.Next(4000)))];
                all.AddRange(round);
                store.Add(round.Select(r => new UsageSample("h", r.Vm, Start.AddSeconds(r.Second)) { [UsageMetric.Cpu] = r.Cpu }));
                store.Maintain(Start.AddSeconds(second), UsageRetention.Default);
            }

            store.Maintain(Start.AddHours(5), UsageRetention.Default);
        }

        foreach (int step in (int[])[60, 300, 3600])
            foreach (bool most in (bool[])[false, true])
            {
                UsageTable table = Read(step, 4 * 3600, most);
                Assert.Equal(["a", "b"], table.Names);
                for (int v = 0; v < 2; v++)
                    for (int slot = 0; slot < table.Values[v].Length; slot++)
                    {
                        long[] within = [.. all.Where(s => s.Vm == table.Names[v] && s.Second / step == slot).Select(s => s.Cpu)];
                        double expected = within.Length == 0 ? double.NaN : most ? within.Max() : within.Average();
                        Assert.Equal(expected, table.Values[v][slot], step < 300 || most ? 1e-6 : 1.01); // sums are whole numbers
                    }
            }
    }

    [Fact]
    public void Old_samples_are_dropped_and_their_sums_stay()
    {
        UsageRetention retention = new(TimeSpan.FromHours(6), TimeSpan.FromHours(24), TimeSpan.FromHours(72));
        using UsageStore store = UsageStore.Open(StoreFile);
        for (int minute = 0; minute < 100 * 60; minute += 5)
        {
            store.Add([new UsageSample("h", "a", Start.AddMinutes(minute)) { [UsageMetric.Cpu] = minute }]);
            store.Maintain(Start.AddMinutes(minute), retention);
        }

        Assert.InRange(Known(60), 6 * 12, 7 * 12 + 1);
        Assert.InRange(Known(300), 24 * 12, 25 * 12 + 1);
        Assert.InRange(Known(3600), 72, 73);

        int Known(int step) => store.Reader().Read(new UsageQuery(UsageMetric.Cpu, Start, Start.AddHours(101), TimeSpan.FromSeconds(step))).Values[0].Count(
            v => !double.IsNaN(v));
    }

    [Fact]
    public void What_is_brought_in_later_completes_sums_whose_samples_were_dropped()
    {
        UsageRetention retention = new(TimeSpan.FromHours(6), TimeSpan.FromHours(48), TimeSpan.FromHours(72));
        using UsageStore store = UsageStore.Open(StoreFile);
        store.Add(Enumerable.Range(0, 120).Select(m => new UsageSample("h", "a", Start.AddMinutes(m)) { [UsageMetric.Used] = 500, [UsageMetric.Cpu] = 10 }));
        store.Maintain(Start.AddHours(3), retention);
        store.Maintain(Start.AddHours(20), retention);
        store.Add(Enumerable.Range(0, 24).Select(i => new UsageSample("", "a", Start.AddMinutes(5 * i)) { [UsageMetric.Cpu] = 70 }));
        store.SumUp(Start, Start.AddHours(2));
        foreach (int step in (int[])[300, 3600])
        {
            Assert.All(Values(UsageMetric.Used, step), v => Assert.Equal(500, v));
            Assert.All(Values(UsageMetric.Cpu, step), v => Assert.Equal(70, v));
        }

        double[] Values(UsageMetric metric, int step) =>
            store.Reader().Read(new UsageQuery(metric, Start, Start.AddHours(2), TimeSpan.FromSeconds(step))).Values[0];
    }

    [Fact]
    public void A_store_can_be_read_while_it_is_written_and_goes_on_after_a_restart()
    {
        using (UsageStore first = UsageStore.Open(StoreFile))
        {
            first.Add([new UsageSample("h", "", Start) { [UsageMetric.Used] = 7 }, new UsageSample("h", "a", Start) { [UsageMetric.Cpu] = 1 }]);
            using UsageStore reader = UsageStore.OpenRead(StoreFile);
            first.Add([new UsageSample("h", "a", Start) { [UsageMetric.Wait] = 2 }, new UsageSample("h", "a", Start.AddMinutes(1)) { [UsageMetric.Cpu] = 3 }]);
            Assert.Equal((Start, Start.AddMinutes(1)), reader.Reader().Span());
        }

        using UsageStore again = UsageStore.Open(StoreFile);
        again.Add([new UsageSample("h2", "a", Start.AddMinutes(2)) { [UsageMetric.Cpu] = 5 }]);
        Assert.Equal([1, 3, 5], Read(60, 180, most: false).Values[0]);
        UsageQuery hosts = new(UsageMetric.Used, Start, Start.AddMinutes(1), TimeSpan.FromMinutes(1)) { OfHosts = true };
        UsageTable found = again.Reader().Read(hosts);
        Assert.Equal(["h"], found.Names);
        Assert.Equal([7], found.Values[0]);
    }

    [Fact]
    public void The_table_for_other_programs_holds_what_is_known()
    {
        string file = Path.Combine(folder.FullName, "usage.csv");
        using UsageStore store = UsageStore.Open(StoreFile);
        store.Add([new UsageSample("h", "web, 1", Start) { [UsageMetric.Cpu] = 250, [UsageMetric.Used] = 90 }, new UsageSample("h", "db", Start.AddMinutes(
            2)) { [UsageMetric.Cpu] = 0 }]);
        Assert.Equal(2, UsageCsv.Write(file, store.Reader(), new UsageQuery(UsageMetric.Cpu, Start, Start.AddMinutes(3), TimeSpan.FromMinutes(1))));
        Assert.Equal(
            ["time,name,cpu,wait,vcpus,memory,balloon,used,diskRead,diskWrite,networkIn,networkOut,job", "2026-03-01T00:02:00Z,db,0,,,,,,,,,,",
                "2026-03-01T00:00:00Z,\"web, 1\",250,,,,,90,,,,,"],
            File.ReadAllLines(file));
    }

    [Fact]
    public void What_is_no_store_is_refused()
    {
        File.WriteAllText(StoreFile, "this is a letter and no database, and long enough to be looked at as one: " + new string('x', 200));
        Assert.Contains("cannot be used", Assert.Throws<InvalidInputException>(() => UsageStore.Open(StoreFile)).Message, StringComparison.Ordinal);
        string missing = Path.Combine(folder.FullName, "missing.db");
        Assert.Contains("there is no store", Assert.Throws<InvalidInputException>(() => UsageStore.OpenRead(missing)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used", Assert.Throws<InvalidInputException>(() =>
            UsageStore.Open(Path.Combine(folder.FullName, "no", "where.db"))).Message, StringComparison.Ordinal);
        using (Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={missing};Pooling=False"))
        {
            other.Open();
            using Microsoft.Data.Sqlite.SqliteCommand make = other.CreateCommand();
            make.CommandText = "CREATE TABLE letters(x)";
            make.ExecuteNonQuery();
        }

        Assert.Contains("not a store", Assert.Throws<InvalidInputException>(() => UsageStore.Open(missing)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private UsageTable Read(int step, int seconds, bool most)
    {
        using UsageStore store = UsageStore.OpenRead(StoreFile);
        return store.Reader().Read(new UsageQuery(UsageMetric.Cpu, Start, Start.AddSeconds(seconds), TimeSpan.FromSeconds(step)) { Most = most });
    }
}
