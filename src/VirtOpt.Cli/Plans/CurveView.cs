using System.Globalization;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using VirtOpt.Cli.Rendering;

namespace VirtOpt.Cli.Plans;

/// <summary>What parts of a plan are worth, for people and for programs.</summary>
internal static class CurveView
{
    private const int MostStops = 101;
    private const double FirstShare = 0.05;
    private static readonly double[] Shares = [FirstShare, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>The last stop within the first twentieth of the moves, or the first one with a move; null if there is none.</summary>
    public static PlanStop? First(PlanCurve curve)
    {
        if (curve.Stops.Count < 2) return null;
        PlanStop first = curve.Within((int)Math.Ceiling(FirstShare * curve.Stops[^1].Moves));
        return first.Moves > 0 ? first : curve.Stops[1];
    }

    /// <summary>Writes the curve, at some shares of the moves.</summary>
    public static void Write(IAnsiConsole console, PlanCurve curve)
    {
        if (First(curve) is not { Gain: { } gain } first) return;
        int all = curve.Stops[^1].Moves;
        console.WriteLine($"The first {Screen.Number(first.Moves)} of {Screen.Count(all, "move")} bring {Percent(gain)} of the gain.");
        int[] levels = [.. first.Levels.Select(l => l.Level)];
        Table table = Screen.NumberTable(0, ["Moves", "GiB moved", "Seconds", "Gain", .. levels.Select(l => l == 0 ? "Repair" : $"Level {Screen.Level(l)}")]);
        IEnumerable<PlanStop> shown = Shares.Select(share => curve.Within((int)Math.Ceiling(share * all)));
        foreach (PlanStop stop in shown.Prepend(curve.Stops[0]).Append(curve.Stops[^1]).Distinct())
            table.AddRow([
                Screen.Plain(Screen.Number(stop.Moves)),
                Screen.Plain((stop.MovedMiB / 1024).ToString("N1", CultureInfo.InvariantCulture)),
                Screen.Plain(Screen.Number(stop.Seconds)),
                Screen.Plain(Percent(stop.Gain ?? 0)),
                .. stop.Levels.Select(l => Screen.Plain(Screen.Number(l.Value))),
            ]);
        console.Heading("What parts of it bring, the best moves first");
        console.Write(table);
    }

    /// <summary>The curve for programs, thinned where it is long.</summary>
    public static JToken Document(PlanCurve? curve)
    {
        if (curve is null) return JValue.CreateNull();
        int count = Math.Min(MostStops, curve.Stops.Count);
        IEnumerable<PlanStop> stops = Enumerable.Range(0, count).Select(i => curve.Stops[count == 1 ? 0 : i * (curve.Stops.Count - 1) / (count - 1)]);
        return new JObject
        {
            ["gainLevel"] = curve.GainLevel,
            ["stops"] = new JArray(stops.Select(s => new JObject
            {
                ["moves"] = s.Moves,
                ["movedMiB"] = JsonOut.Number(s.MovedMiB),
                ["seconds"] = s.Seconds,
                ["gain"] = JsonOut.Number(s.Gain),
                ["levels"] = new JArray(s.Levels.Select(l => new JObject { ["level"] = l.Level, ["value"] = l.Value })),
            })),
        };
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
