using Newtonsoft.Json.Linq;
using VirtOpt.Cli;

namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>Runs command lines in this process, through the entry point of the program.</summary>
internal static class CommandLine
{
    public static Run Run(params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = VirtOptCommand.Invoke(words, new Terminal(output, error) { Cancellation = TestContext.Current.CancellationToken });
        return new Run(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a command line did.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    public JObject Json => JObject.Parse(Output);
}
