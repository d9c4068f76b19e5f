using System.Formats.Tar;
using System.IO.Compression;

namespace VirtOpt.Simulation.Tests;

public sealed class PlanetLabTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-trace-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("lr-mmt:1.2", 163.48, 27_859, 0.00464, 5.86, 5_053)]
    [InlineData("thr-mmt:0.8", 192.62, 26_711, 0.00318, 4.91, 5_885)]
    [InlineData("iqr-mmt:1.5", 189.98, 26_282, 0.00301, 4.82, 5_868)]
    [InlineData("mad-mmt:2.5", 185.79, 26_556, 0.00334, 5.05, 5_828)]
    public void Baselines_are_those_of_the_reference_runs(string policy, double kwh, int migrations, double slavPercent, double slatahPercent, int shutdowns)
    {
        DemandTrace trace = PlanetLabTrace.Read(Data.PlanetLab("20110303"));
        Simulator simulator = new(trace, PlanetLabDataCentre.For(trace));
        SimulationResult result = simulator.Run(PolicyCatalogue.Create(policy), TestContext.Current.CancellationToken);
        Assert.Equal(kwh, result.EnergyKwh, 2);
        Assert.Equal(migrations, result.Migrations);
        Assert.Equal(slavPercent, result.Slav * 100, 5);
        Assert.Equal(slatahPercent, result.Slatah * 100, 2);
        Assert.Equal(shutdowns, result.HostShutdowns);
        Assert.Equal(114.9, result.EnergyFloorKwh, 1);
    }

    [Fact]
    public void Folder_and_archive_give_the_same_in_the_order_of_names()
    {
        Write("b", Enumerable.Repeat("7", 288));
        Write("B", Enumerable.Range(0, 288).Select(i => $"{i % 101}"));
        string archive = Path.Combine(Path.GetTempPath(), $"{folder.Name}.tar.gz");
        try
        {
            using (FileStream file = File.Create(archive))
            using (GZipStream gzip = new(file, CompressionLevel.Fastest))
                TarFile.CreateFromDirectory(folder.FullName, gzip, includeBaseDirectory: true);
            DemandTrace packed = PlanetLabTrace.Read(archive);
            DemandTrace plain = PlanetLabTrace.Read(folder.FullName);
            Assert.Equal(["B", "b"], packed.Series.Select(s => s.Name));
            Assert.Equal(plain.Series.SelectMany(s => s.Use), packed.Series.SelectMany(s => s.Use));
            Assert.Equal(0.07, packed.Series[1].Use[0]);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Theory]
    [InlineData("7.5", 288, "line 1: (7.5) is not a whole number within 0 .. 100")]
    [InlineData("101", 288, "line 1: (101) is not")]
    [InlineData("-1", 288, "line 1: (-1) is not")]
    [InlineData("", 288, "line 1: () is not")]
    [InlineData("7", 287, "there are 287 lines; 288 are expected")]
    [InlineData("7", 289, "there are more than 288 lines")]
    public void Files_that_cannot_be_are_refused(string line, int lines, string message)
    {
        Write("vm", Enumerable.Repeat(line, lines));
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => PlanetLabTrace.Read(folder.FullName));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("vm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_a_missing_file_and_a_file_of_another_kind_are_refused()
    {
        Assert.Contains("no file of a VM", Refusal(folder.FullName), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refusal(Path.Combine(folder.FullName, "missing.tar.gz")), StringComparison.Ordinal);
        Write("not-a-tar", Enumerable.Repeat("7", 1000));
        Assert.Contains("not a whole tar archive", Refusal(Path.Combine(folder.FullName, "not-a-tar")), StringComparison.Ordinal);
    }

    [Fact]
    public void Traces_that_cannot_be_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => new DemandTrace("t", [], 300));
        Assert.Throws<InvalidInputException>(() => Tiny.Trace([0.5], [0.5, 0.5]));
        Assert.Throws<InvalidInputException>(() => Tiny.Trace([double.NaN]));
        InvalidInputException error = Assert.Throws<InvalidInputException>(() => TraceCatalogue.Find("x"));
        Assert.Contains("There is no kind of trace (x)", error.Message, StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<InvalidInputException>(() => PlanetLabTrace.Read(path)).Message;

    private void Write(string name, IEnumerable<string> lines) => File.WriteAllLines(Path.Combine(folder.FullName, name), lines);
}
