using System.Globalization;

namespace VirtOpt.Forecasting.Tests;

/// <summary>The sample of the project's page is the one that is compiled, and runs.</summary>
public sealed class ReadmeSampleTests
{
    [Fact]
    public void The_sample_is_compiled_as_it_is_shown()
    {
        string source = File.ReadAllText(Path.Combine(Root, "tests", "VirtOpt.Forecasting.Tests", "Samples", "ReadmeSample.cs"));
        string page = File.ReadAllText(Path.Combine(Root, "src", "VirtOpt.Forecasting", "README.md"));
        Assert.Equal(Lines(source.Split("// <sample>")[1].Split("// </sample>")[0]), Lines(page.Split("```csharp")[1].Split("```")[0]));
    }

    [Fact]
    public void The_sample_runs()
    {
        string path = Path.GetTempFileName();
        try
        {
            string Row(string vm, int slot) => string.Create(CultureInfo.InvariantCulture, $"{vm},{1_767_225_600 + (300 * slot)},{20 + (slot * 7 % 11)}");
            File.WriteAllLines(path, ["vm,time,cpu [%]", .. Enumerable.Range(0, 2 * 288).SelectMany(slot => (string[])[Row("web", slot), Row("db", slot)])]);
            (PlanningDemand each, OverloadProbability together) = Samples.ReadmeSample.Run(path);
            Assert.Equal((96, 2), (each.Forecast.Slots, each.Forecast.Vms));
            Assert.Equal(30 * 96, together.Forecast.Slots);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Root
    {
        get
        {
            DirectoryInfo at = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "VirtOpt.Solver.sln"))) at = at.Parent!;
            return at.FullName;
        }
    }

    private static string[] Lines(string block) => [.. block.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
}
