using System.Text;

namespace VirtOpt.Adapters.Tests;

/// <summary>A folder of its own for one test, and short ways to write and read problems in it.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-test-");

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    public IEnumerable<string> Names() => folder.EnumerateFiles().Select(f => f.Name);

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>Problems as text.</summary>
internal static class Texts
{
    /// <summary>A problem in the virtopt format.</summary>
    public static string Write(PlacementProblem problem)
    {
        using Folder folder = new();
        new VirtOptJson().WriteProblem(problem, [folder.Path("p.json")]);
        return File.ReadAllText(folder.Path("p.json"));
    }

    /// <summary>Reads a text in a format.</summary>
    public static PlacementProblem Read(string text, string? format = null)
    {
        using Folder folder = new();
        return FormatCatalogue.Load([folder.Write("p.json", text)], format).Problem;
    }

    /// <summary>A solution that moves nothing, or what a placement says.</summary>
    public static PlacementSolution Solution(PlacementProblem problem, Placement placement) => new()
    {
        Status = SolveStatus.Feasible,
        Placement = placement,
        Report = PlacementChecker.Check(problem, placement),
        Levels = [new LevelResult(1, 5, 4.5, false)],
    };

    /// <summary>A plan with all migrations in one wave, in VM order.</summary>
    public static MigrationPlan Plan(PlacementProblem problem, Placement placement) => new()
    {
        Reached = placement,
        Waves =
        [
            new MigrationWave(
            [
                .. problem.Cluster.Vms.Select((vm, v) => (vm.Start, Vm: new VmId(v)))
                    .Where(m => m.Start is { } start && start != placement[m.Vm])
                    .Select(m => new Migration(m.Vm, m.Start!.Value, placement[m.Vm])),
            ]),
        ],
    };
}
