using System.Formats.Tar;
using System.IO.Compression;

namespace VirtOpt.Simulation.Tests;

public sealed class HistoryTraceTests : IDisposable
{
    private const string Header = "Timestamp [ms];\tCPU cores;\tCPU capacity provisioned [MHZ];\tCPU usage [MHZ];\tCPU usage [%];\t"
        + "Memory capacity provisioned [KB];\tMemory usage [KB];\tDisk read;\tDisk write;\tNetwork received;\tNetwork transmitted";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-history-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_csv_gives_shares_sizes_and_memory_on_its_grid()
    {
        string path = Csv(
            "vm,time,cpu [%],memory [MiB],memory capacity [MiB]",
            "a,0,50,100,2048", "a,900,110,100,2048", "a,1800,,100,2048", "a,2700,0,100,2048",
            "b,900,20,300,512", "b,1800,40,300,512", "b,2700,40,300,512");
        (DemandTrace demand, DataCentre centre, IReadOnlyList<string> cleaning) = TraceCatalogue.Find("csv").Load(path);
        Assert.Equal(900, demand.IntervalSeconds);
        Assert.Equal(["a", "b"], demand.Series.Select(s => s.Name));
        Assert.Equal([0.454545, 1, 1, 0], demand.Series[0].Use.Select(u => Math.Round(u, 6)));
        Assert.Equal([0, 0.2, 0.4, 0.4], demand.Series[1].Use.Select(u => Math.Round(u, 6)));
        Assert.Equal([2048, 512], centre.Vms.Select(vm => vm.RamMiB));
        Assert.Equal(1.1 * centre.Vms[1].Mips, centre.Vms[0].Mips, 6);
        Assert.Equal(2, centre.Hosts.Count);
        Assert.NotEmpty(cleaning);
    }

    [Theory]
    [InlineData("MHz", 1000)]
    [InlineData("GHz", 1_000_000)]
    [InlineData("MIPS", 1000)]
    [InlineData("cores", 3_067_000)]
    [InlineData("millicores", 3067)]
    public void Units_of_cpu_are_told_apart_and_the_capacity_is_the_size(string unit, double mips)
    {
        string path = Csv($"vm,time,cpu [{unit}],cpu capacity [{unit}]", "a,0,500,1000", "a,300,250,1000");
        (DemandTrace demand, DataCentre centre, _) = TraceCatalogue.Find("csv").Load(path);
        Assert.Equal(mips, centre.Vms[0].Mips, 6);
        Assert.Equal([0.5, 0.25], demand.Series[0].Use);
        Assert.True(centre.Hosts[0].Mips >= mips);
    }

    [Theory]
    [InlineData("vm,time,memory [MiB]", "a,0,5", "a,300,5", "there is no CPU use in it; found memory [MiB]")]
    [InlineData("vm,time,cpu [flops]", "a,0,5", "a,300,5", "the unit of cpu [flops] is not known; expected %, cores")]
    [InlineData("vm,time,cpu [%],memory [pages]", "a,0,5,5", "a,300,5,5", "the unit of memory [pages] is not known; expected KiB")]
    public void Histories_that_do_not_tell_enough_are_refused(string header, string first, string second, string message)
    {
        string path = Csv(header, first, second);
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => TraceCatalogue.Find("csv").Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bitbrains_files_give_the_same_as_folder_and_as_archive()
    {
        Bitbrains("1", 2600, 2_097_152, i => 10 + i);
        Bitbrains("3", 5200, 4_194_304, i => 40 - i);
        string archive = Path.Combine(Path.GetTempPath(), $"{folder.Name}.tar.gz");
        try
        {
            using (FileStream file = File.Create(archive))
            using (GZipStream gzip = new(file, CompressionLevel.Fastest))
                TarFile.CreateFromDirectory(folder.FullName, gzip, includeBaseDirectory: true);
            PlayableTrace packed = TraceCatalogue.Find("bitbrains").Load(archive);
            PlayableTrace plain = TraceCatalogue.Find("bitbrains").Load(folder.FullName);
            Assert.Equal([2600, 5200], packed.Centre.Vms.Select(vm => Math.Round(vm.Mips, 6)));
            Assert.Equal([2048, 4096], packed.Centre.Vms.Select(vm => vm.RamMiB));
            Assert.Equal(0.1, packed.Demand.Series[0].Use[0], 6);
            Assert.Equal(plain.Centre.Vms, packed.Centre.Vms);
            Assert.Equal(plain.Demand.Series.SelectMany(s => s.Use), packed.Demand.Series.SelectMany(s => s.Use));
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Fact]
    public void VMs_of_a_history_are_played_and_those_larger_than_a_server_get_several()
    {
        Bitbrains("1", 90_000, 300 * 1_048_576, i => 5);
        Bitbrains("3", 2600, 1_048_576, i => i == 3 ? 0 : 50);
        PlayableTrace trace = TraceCatalogue.Find("bitbrains").Load(folder.FullName);
        Assert.Equal(3 * 12 * 3067, trace.Centre.Hosts[0].Mips);
        SimulationSettings settings = new() { StepSeconds = trace.Demand.IntervalSeconds, EndIdleVms = false, EnforceMemory = true };
        Simulator simulator = new(trace.Demand, trace.Centre, settings);
        SimulationResult result = simulator.Run(PolicyCatalogue.Create("virtopt"), TestContext.Current.CancellationToken);
        Assert.Single(simulator.Hosts, h => h.Vms.Count > 0);
        Assert.Equal(0, result.EndedVms);
        Assert.Equal(0, result.UnservedShare - result.Pdm, 9);
    }

    [Fact]
    public void The_shared_Bitbrains_trace_can_be_read()
    {
        PlayableTrace trace = TraceCatalogue.Find("bitbrains").Load(Data.Shared("bitbrains-rnd", "rnd-2013-8-odd.tar.gz"));
        Assert.Equal(250, trace.Demand.Series.Count);
        Assert.Equal(300, trace.Demand.IntervalSeconds);
        Assert.InRange(trace.Demand.Seconds / 86_400, 29.5, 30.5);
        Assert.InRange(trace.Centre.Vms.Max(vm => vm.Mips), 86_000, 100_000);
        Simulator placed = new(trace.Demand, trace.Centre, new SimulationSettings { EnforceMemory = true });
        Assert.Equal(250, placed.Hosts.Sum(h => h.Vms.Count));
    }

    private string Csv(params string[] lines)
    {
        string path = Path.Combine(folder.FullName, "history.csv");
        File.WriteAllLines(path, lines);
        return path;
    }

    private void Bitbrains(string vm, int mhz, long kilobytes, Func<int, double> percent) => File.WriteAllLines(
        Path.Combine(folder.FullName, $"{vm}.csv"),
        [Header, .. Enumerable.Range(0, 30).Select(i => FormattableString.Invariant(
            $"{1_375_308_000 + (300 * i)};\t1;\t{mhz};\t{mhz * percent(i) / 100};\t{percent(i)};\t{kilobytes};\t{kilobytes / 2};\t0;\t0;\t0;\t0"))]);
}
