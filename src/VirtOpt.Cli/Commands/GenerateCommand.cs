using System.CommandLine;

namespace VirtOpt.Cli.Commands;

/// <summary>Makes a synthetic cluster.</summary>
internal sealed class GenerateCommand : Verb
{
    private readonly Option<long?> hosts = Numbers.Whole("--hosts", "N", "number of hosts", 1, 1_000_000);
    private readonly Option<long?> vms = Numbers.Whole("--vms", "N", "number of VMs", 0, 1_000_000);
    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of all chance: the same options give the same cluster [default: 1]", 0,
        int.MaxValue);
    private readonly Option<string?> profile = new("--profile")
    {
        Description = "kind of cluster [default: mixed]; a wrong name lists them",
        HelpName = "NAME",
    };
    private readonly Option<string> output = new("--output") { Description = "file to write", HelpName = "FILE", Required = true };

    /// <summary>Makes the command.</summary>
    public GenerateCommand()
        : base("generate", "Make a synthetic cluster of any size whose start is valid.")
    {
        hosts.Required = vms.Required = true;
        foreach (Option option in (Option[])[hosts, vms, seed, profile, output]) Options.Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("virtopt generate --hosts 20 --vms 200 --seed 1 --output cluster.json", "a small cluster to try things on"),
        new("virtopt generate --hosts 2000 --vms 40000 --seed 7 --output big.json.gz", "a big one, packed"),
    ];

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Terminal terminal)
    {
        string file = parsed.GetRequiredValue(output);
        OutputFile.Check(file, []);
        GeneratorOptions options = new((int)parsed.GetValue(hosts)!.Value, (int)parsed.GetValue(vms)!.Value, (int)(parsed.GetValue(seed) ?? 1));
        if (parsed.GetValue(profile) is { } name) options = options with { Profile = name };
        PlacementProblem problem = ClusterGenerator.Generate(options);
        IProblemFormat format = FormatCatalogue.Named("virtopt");
        format.WriteProblem(problem, [file]);
        ConvertCommand.Report(parsed.GetValue(Json), terminal, problem.Cluster, format.Name, [file]);
        return ExitCode.Done;
    }
}
