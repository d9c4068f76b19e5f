using Newtonsoft.Json.Linq;

namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>Plan files for tests.</summary>
internal static class PlanFiles
{
    /// <summary>Writes a plan of moves, each after those whose ids it names.</summary>
    public static string Write(string path, params (string Kind, string Vm, string From, string To, int[] After)[] moves)
    {
        JObject plan = new()
        {
            ["format"] = "virtopt-plan",
            ["version"] = 1,
            ["cluster"] = "lab",
            ["settings"] = new JObject { ["limits"] = new JObject { ["perHost"] = 4 } },
            ["actions"] = new JArray(moves.Select((m, i) => new JObject
            {
                ["id"] = i + 1,
                ["kind"] = m.Kind,
                ["vm"] = m.Vm,
                ["from"] = m.From,
                ["to"] = m.To,
                ["start"] = 0,
                ["end"] = 5,
                ["after"] = new JArray(m.After),
            })),
        };
        File.WriteAllText(path, plan.ToString());
        return path;
    }

    /// <summary>Writes a plan of one live migration.</summary>
    public static string Move(string path, string vm, string from, string to) => Write(path, ("migrate", vm, from, to, []));
}
