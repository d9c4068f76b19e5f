namespace VirtOpt.Forecasting.Tests;

/// <summary>What the monitor has written, as a history.</summary>
public sealed class StoreHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-store-");

    private string Path => System.IO.Path.Combine(folder.FullName, "usage.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Vms_have_their_use_of_cpu_and_memory_by_five_minutes()
    {
        Fill(minutes: 120);
        HistoryFormat format = HistoryFormatCatalogue.Guess(Path);
        Assert.Equal("store", format.Name);
        DemandHistory history = format.Read(Path).History;
        Assert.Equal((TimeSpan.FromMinutes(5), Start), (history.Grid.Step, history.Grid.Start));
        Assert.Equal(["a cpu", "b cpu", "a memory", "b memory"], history.Series.Select(s => $"{s.Vm} {s.Dimension.Name}"));
        DemandSeries cpu = history.Series[1];
        Assert.Equal("millicore", cpu.Dimension.Unit);
        Assert.Equal(1400, cpu.Values[0], 1.0);
        Assert.Equal(1450, cpu.Values[10], 1.0);
        Assert.Equal(2500, cpu.Capacity);
        Assert.True(history.Series[2].Values[3] is 512);
    }

    [Fact]
    public void Sums_of_hours_of_years_take_no_room()
    {
        using (UsageStore store = UsageStore.Open(Path))
        {
            store.Add(Enumerable.Range(0, 120).Select(minute => new UsageSample("h", "a", Start.AddDays(-700).AddMinutes(minute)) { [UsageMetric.Cpu] = 1 }));
            store.Maintain(Start.AddDays(-700).AddHours(2), UsageRetention.Default);
        }

        Fill(minutes: 120);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DemandHistory history = StoreHistory.Read(Path).History;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Equal(Start, history.Grid.Start);
    }

    [Fact]
    public void An_empty_store_is_refused()
    {
        UsageStore.Open(Path).Dispose();
        string Refusal() => Assert.Throws<InvalidInputException>(() => StoreHistory.Read(Path)).Message;
        Assert.Contains("there is nothing in this store", Refusal(), StringComparison.Ordinal);
        Fill(minutes: 2);
        Assert.Contains("no five minutes", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_no_stores()
    {
        File.WriteAllText(Path, "SQLite");
        Assert.False(StoreHistory.IsStore(Path));
        Assert.Throws<InvalidInputException>(() => StoreHistory.Read(Path));
    }

    /// <summary>Two VMs of two CPUs on a host, a sample each minute; the CPU of b rises by 5 every five minutes.</summary>
    private void Fill(int minutes)
    {
        using UsageStore store = UsageStore.Open(Path);
        for (int minute = 0; minute < minutes; minute++)
        {
            DateTimeOffset at = Start.AddMinutes(minute);
            store.Add(
            [
                new UsageSample("h", "", at) { [UsageMetric.Cpu] = 3000 },
                new UsageSample("h", "a", at) { [UsageMetric.Cpu] = 100, [UsageMetric.Vcpus] = 2, [UsageMetric.Used] = 512, [UsageMetric.Memory] = 1024 },
                new UsageSample("h", "b", at) { [UsageMetric.Cpu] = 1400 + (5 * (minute / 5)), [UsageMetric.Vcpus] = 2, [UsageMetric.Used] = 700 },
            ]);
        }

        store.Maintain(Start.AddMinutes(minutes), UsageRetention.Default);
    }
}
