using System.Diagnostics;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Benchmarks.Quality;

/// <summary>Runs the command line in a process of its own, as a user would: start-up, reading and writing are in the time.</summary>
internal static class VirtOptProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "virtopt.dll");

    /// <summary>Runs a command; the wall time is that of the whole process.</summary>
    public static (int ExitCode, string Output, TimeSpan Wall) Run(IEnumerable<string> arguments)
    {
        long started = Stopwatch.GetTimestamp();
        ProcessStartInfo start = new("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The command line could not be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Runs a command that answers with one JSON document.</summary>
    public static (JObject Answer, TimeSpan Wall) Ask(IEnumerable<string> arguments)
    {
        (int exitCode, string output, TimeSpan wall) = Run([.. arguments, "--json"]);
        return output.Length > 0
            ? (JObject.Parse(output), wall)
            : throw new InvalidOperationException($"virtopt {string.Join(' ', arguments)} ended with {exitCode} and no answer.");
    }
}
