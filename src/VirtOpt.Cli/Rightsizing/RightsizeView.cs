using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Executing;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Rightsizing;

/// <summary>Recommended sizes for people and programs.</summary>
internal static class RightsizeView
{
    /// <summary>Writes a table of the VMs that do not have the right size, and what became of the changes.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<(string Host, SizeAdvice Advice)> advice, ExecutionReport? report)
    {
        IAnsiConsole console = Screen.Of(terminal);
        (string Host, SizeAdvice Advice)[] told = [.. advice.Where(a => a.Advice.Verdict != SizeVerdict.Right || a.Advice.Reasons.Count > 0)];
        if (told.Length > 0)
        {
            Table table = Screen.Table("VM", "host", "is", "has", "to", "why");
            foreach ((string host, SizeAdvice a) in told)
                table.AddRow(a.Usage.Name, host, Word(a.Verdict), a.Usage.Now.ToString(), a.Change.ToString(), string.Join("; ", a.Reasons));
            console.Write(table);
        }

        int right = advice.Count(a => a.Advice.Verdict == SizeVerdict.Right);
        console.WriteLine($"{right} of {Screen.Count(advice.Count, "VM")} have the right size.");
        if (report is not null) ExecutionView.Write(terminal, report, isRehearsal: false);
        else if (advice.Any(a => !a.Advice.Change.IsEmpty)) console.WriteLine("Nothing was changed: --yes acts.");
    }

    /// <summary>The same as JSON.</summary>
    public static JObject Document(IReadOnlyList<(string Host, SizeAdvice Advice)> advice, ExecutionReport? report)
    {
        JObject document = new()
        {
            ["dryRun"] = report is null,
            ["vms"] = new JArray(advice.Select(a => new JObject
            {
                ["name"] = a.Advice.Usage.Name,
                ["host"] = a.Host,
                ["verdict"] = Word(a.Advice.Verdict),
                ["now"] = Size(a.Advice.Usage.Now),
                ["change"] = Size(a.Advice.Change),
                ["reasons"] = new JArray(a.Advice.Reasons),
            })),
        };
        if (report is not null) document["execution"] = ExecutionView.Document(report, isRehearsal: false);
        return document;
    }

    private static JObject Size(VmSize size) => JournalText.Size(size);

    private static string Word(SizeVerdict verdict) => verdict switch
    {
        SizeVerdict.TooBig => "too big",
        SizeVerdict.TooSmall => "too small",
        SizeVerdict.Unknown => "unknown",
        _ => "right",
    };
}
