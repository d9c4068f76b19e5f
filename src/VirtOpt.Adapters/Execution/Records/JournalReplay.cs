using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt;

/// <summary>What a journal says of a run that was broken off.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Ended">Actions with an end, by id, with the last one.</param>
/// <param name="Open">Actions that began and have no end, by id, with the VM's UUID: what became of them only the hosts know.</param>
/// <param name="IsClosed">True if the run came to its end.</param>
public sealed record JournalReplay(string Run, ExecutionPlan Plan, IReadOnlyDictionary<int, StepOutcome> Ended, IReadOnlyDictionary<int, Guid> Open,
    bool IsClosed)
{
    /// <summary>Reads a journal.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="stream">Its content.</param>
    /// <param name="whole">Length of the part without a torn last line.</param>
    /// <exception cref="InvalidInputException">It does not begin with its plan, or a line that is not the last one is damaged.</exception>
    internal static JournalReplay Read(string path, Stream stream, out long whole)
    {
        byte[] bytes = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        string[] lines = Encoding.UTF8.GetString(bytes, 0, (int)whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<int, StepOutcome> ended = [];
        Dictionary<int, Guid> open = [];
        (string Run, ExecutionPlan Plan)? head = null;
        bool isClosed = false;
        for (int l = 0; l < lines.Length; l++)
        {
            try
            {
                JObject entry = JObject.Parse(lines[l]);
                string kind = (string?)entry["entry"] ?? "";
                if (kind == "run") head = JournalText.ReadRun(entry);
                else if (kind == "begin") open[(int)entry["action"]!] = Guid.Parse((string)entry["vm"]!);
                else if (kind == "end") End((int)entry["action"]!, JournalText.Outcome((string)entry["outcome"]!));
                isClosed = kind == "close";
            }
            catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidCastException or NullReferenceException)
            {
                throw new InvalidInputException(
                    $"{path} (line {l + 1}): this is not an entry of a journal: {e.Message}\nMaybe the file was changed by hand.", e);
            }
        }

        if (head is not { } run) throw InvalidInputException.Because($"{path}: the journal does not begin with its plan.",
            "nothing had begun: the file can be removed.");
        return new JournalReplay(run.Run, run.Plan, ended, open, isClosed);

        void End(int action, StepOutcome outcome)
        {
            ended[action] = outcome;
            open.Remove(action);
        }
    }
}

/// <summary>A plan as it stands in a journal.</summary>
internal static class JournalText
{
    public static JObject Run(string run, ExecutionPlan plan) => new()
    {
        ["entry"] = "run",
        ["run"] = run,
        ["cluster"] = plan.Cluster,
        ["limits"] = new JObject
        {
            ["perHost"] = plan.Limits.PerHost,
            ["perHostOut"] = plan.Limits.PerHostOut,
            ["perHostIn"] = plan.Limits.PerHostIn,
            ["inCluster"] = plan.Limits.InCluster,
            ["linkScope"] = plan.Limits.LinkScope,
            ["perLink"] = plan.Limits.PerLink,
        },
        ["actions"] = new JArray(plan.Steps.Select(s => new JObject
        {
            ["id"] = s.Action.Id,
            ["kind"] = s.Action.Kind.Word(),
            ["vm"] = s.Action.Vm,
            ["from"] = s.Action.From,
            ["to"] = s.Action.To,
            ["after"] = new JArray(s.After),
            ["seconds"] = s.Seconds,
            ["size"] = s.Action.Size is { } size ? Size(size) : null,
            ["pool"] = s.Action.Pool,
        })),
    };

    public static (string Run, ExecutionPlan Plan) ReadRun(JObject entry)
    {
        JToken limits = entry["limits"]!;
        return ((string)entry["run"]!, new ExecutionPlan(
            (string)entry["cluster"]!,
            [.. entry["actions"]!.Select(ReadStep)],
            new PlanLimits
            {
                PerHost = (int?)limits["perHost"],
                PerHostOut = (int?)limits["perHostOut"],
                PerHostIn = (int?)limits["perHostIn"],
                InCluster = (int?)limits["inCluster"],
                LinkScope = (string?)limits["linkScope"],
                PerLink = (int)limits["perLink"]!,
            }));
    }

    public static string Word(StepOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public static StepOutcome Outcome(string word) => Enum.Parse<StepOutcome>(word, ignoreCase: true);

    /// <summary>A size as it stands in journals and audit logs.</summary>
    public static JObject Size(VmSize size) => new()
    {
        ["vcpus"] = size.Vcpus,
        ["memory"] = size.MemoryMiB,
        ["cpuShares"] = size.CpuShares,
        ["cpuQuota"] = size.CpuQuota,
        ["blockWeight"] = size.BlockWeight,
    };

    private static VmSize Size(JObject size) => new()
    {
        Vcpus = (int?)size["vcpus"],
        MemoryMiB = (long?)size["memory"],
        CpuShares = (long?)size["cpuShares"],
        CpuQuota = (long?)size["cpuQuota"],
        BlockWeight = (long?)size["blockWeight"],
    };

    private static ExecutionStep ReadStep(JToken step) => new(
        new HypervisorAction(
            (int)step["id"]!,
            Enum.Parse<ActionKind>((string)step["kind"]!, ignoreCase: true),
            (string)step["vm"]!,
            (string?)step["from"],
            (string?)step["to"])
        {
            Size = step["size"] is JObject size ? Size(size) : null,
            Pool = (string?)step["pool"] ?? "",
        },
        [.. step["after"]!.Select(id => (int)id)],
        (long)step["seconds"]!);
}
