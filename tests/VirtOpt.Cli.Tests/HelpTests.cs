using System.CommandLine;
using VirtOpt.Cli.Commands;

namespace VirtOpt.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Names => [.. CommandCatalogue.Verbs().Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_shows_examples_and_exit_codes(string name)
    {
        Run run = CommandLine.Run(name, "--help");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains($"  virtopt {name}", run.Output, StringComparison.Ordinal);
        Assert.Contains("--json", run.Output, StringComparison.Ordinal);
        foreach ((int code, string meaning) in ExitCode.Meanings) Assert.Contains($"{code}  {meaning}", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_can_be_typed_as_they_stand(string name)
    {
        Verb verb = CommandCatalogue.Verbs().Single(v => v.Name == name);
        Assert.NotEmpty(verb.Examples);
        foreach (Example example in verb.Examples)
        {
            string[] words = example.Line.Split(' ');
            Assert.Equal(["virtopt", name], words[..2]);
            ParseResult parsed = VirtOptCommand.Root(new Terminal(TextWriter.Null, TextWriter.Null)).Parse(words[1..]);
            Assert.Empty(parsed.Errors);
        }
    }

    [Fact]
    public void General_help_lists_every_command()
    {
        Run run = CommandLine.Run("--help");
        Assert.Equal(ExitCode.Done, run.Code);
        foreach (Verb verb in CommandCatalogue.Verbs()) Assert.Contains(verb.Description!, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_list_the_exit_codes()
    {
        string page = File.ReadAllText(Path.Combine(CommandLine.Root, "src", "VirtOpt.Cli", "exit-codes.md"));
        foreach ((int code, _) in ExitCode.Meanings) Assert.Contains($"| {code} |", page, StringComparison.Ordinal);
    }
}
