using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Tests;

/// <summary>Runs command lines in this process, through the entry point of the program, in a folder of their own.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-cli-");

    public static string Root { get; } = FindRoot();

    public static string SixHosts => Path.Combine(Root, "datasets", "quick-start", "six-hosts.json");

    public string Folder => folder.FullName;

    public string this[string file] => Path.Combine(folder.FullName, file);

    public static Run Run(params string[] args) => Run(CancellationToken.None, args);

    public static Run Run(CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = VirtOptCommand.Invoke(args, new Terminal(output, error) { Cancellation = cancellation });
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>Writes a changed copy of the shipped instance.</summary>
    public string Changed(string name, Action<JObject> change)
    {
        JObject document = JObject.Parse(File.ReadAllText(SixHosts));
        change(document);
        File.WriteAllText(this[name], document.ToString());
        return this[name];
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "VirtOpt.Solver.sln"))) at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}

/// <summary>What a command line did.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    /// <summary>The one JSON document on standard output.</summary>
    public JObject Json => JObject.Parse(Output);
}
