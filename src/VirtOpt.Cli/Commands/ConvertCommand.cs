using System.CommandLine;
using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Commands;

/// <summary>Writes a problem in another format.</summary>
internal sealed class ConvertCommand : Verb
{
    private readonly ProblemOptions problem = new();
    private readonly Option<string> to = new("--to") { Description = "format of the output (see virtopt formats)", HelpName = "FORMAT", Required = true };
    private readonly Option<string[]> output = new("--output")
    {
        Description = "file for the output; given once for each file of the format",
        HelpName = "FILE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Makes the command.</summary>
    public ConvertCommand()
        : base("convert", "Write a problem, with its rules and objectives, in another format.")
    {
        problem.AddTo(this, RefuseMistypedOptions);
        Options.Add(to);
        Options.Add(output);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt convert hosts.csv vms.csv --to virtopt --output cluster.json.gz", "from a spreadsheet to VirtOpt's own format, packed"),
        new("virtopt convert cluster.json --to csv --output hosts.csv --output vms.csv", "the way back, into two files"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string[] files = parsed.GetRequiredValue(output);
        foreach (string file in files) OutputFile.Check(file, parsed.GetRequiredValue(problem.Input));
        IProblemFormat format = FormatCatalogue.Named(parsed.GetRequiredValue(to));
        LoadedProblem loaded = problem.Load(parsed, terminal);
        loaded.Problem.Compile();
        format.WriteProblem(loaded.Problem, files);
        Report(parsed.GetValue(Json), terminal, loaded.Problem.Cluster, format.Name, files);
        return ExitCode.Done;
    }

    /// <summary>Says what was written.</summary>
    internal static void Report(bool json, Terminal terminal, ClusterSnapshot cluster, string format, IReadOnlyList<string> files)
    {
        if (json)
            JsonOut.Write(terminal,
                new JObject { ["format"] = format, ["files"] = new JArray(files), ["hosts"] = cluster.Hosts.Count, ["vms"] = cluster.Vms.Count });
        else
            terminal.Out.WriteLine(
                $"Wrote {Screen.Count(cluster.Hosts.Count, "host")} and {Screen.Count(cluster.Vms.Count, "VM")} "
                + $"to {string.Join(", ", files)} (format {format}).");
    }
}
