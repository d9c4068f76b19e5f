using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>A forecast as a document; <c>forecast.schema.json</c> describes it.</summary>
internal sealed class ForecastJson(
    DemandHistory history, QuantileForecast forecast, string method, CleaningReport report, IReadOnlyList<LevelShift> shifts, string? warning)
{
    /// <summary>Joint scenarios to add; null for none.</summary>
    public JointScenarios? Scenarios { get; init; }

    /// <summary>Writes it to a file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public void Write(string path) => Files.Write(path, stream =>
    {
        using StreamWriter text = new(stream, new UTF8Encoding(false), leaveOpen: true);
        using JsonTextWriter writer = new(text) { Formatting = Formatting.None };
        ToJson().WriteTo(writer);
        text.Write('\n');
    });

    /// <summary>Makes the document.</summary>
    public JObject ToJson() => new()
    {
        ["version"] = ForecastFile.Version,
        ["history"] = history.Name,
        ["origin"] = Time(forecast.Origin),
        ["slotSeconds"] = forecast.SlotLength.TotalSeconds,
        ["method"] = method,
        ["warning"] = warning,
        ["training"] = new JObject
        {
            ["from"] = Time(history.Grid.TimeOf(forecast.Training.From)),
            ["to"] = Time(history.Grid.TimeOf(forecast.Training.To)),
            ["stepSeconds"] = history.Grid.Step.TotalSeconds,
        },
        ["cleaning"] = new JArray(report.Summary),
        ["levelShifts"] = new JArray(shifts.Select(Shift)),
        ["scenarios"] = Scenarios?.Count ?? 0,
        ["series"] = new JArray(forecast.Series.Select(Series)),
    };

    private JObject Shift(LevelShift shift) => new()
    {
        ["vm"] = shift.Vm,
        ["dimension"] = shift.Dimension.Name,
        ["time"] = Time(history.Grid.TimeOf(shift.Slot)),
        ["before"] = Math.Round(shift.Before, 4),
        ["after"] = Math.Round(shift.After, 4),
    };

    private JObject Series(SeriesForecast series, int index)
    {
        JObject one = new()
        {
            ["vm"] = series.Vm,
            ["dimension"] = series.Dimension.Name,
            ["unit"] = series.Dimension.Unit,
            ["method"] = series.Method,
        };
        for (int q = 0; q < QuantileLevels.Count; q++)
        {
            int quantile = q;
            one[QuantileLevels.NameOf(q)] = new JArray(Enumerable.Range(0, series.Slots).Select(slot => Amount(series[slot, quantile])));
        }

        if (Scenarios is { } joint)
            one["scenarios"] = new JArray(Enumerable.Range(0, joint.Count).Select(k =>
                new JArray(Enumerable.Range(0, joint.Slots).Select(slot => Amount(joint[k, slot, index])))));
        return one;
    }

    private static double Amount(float value) => MathF.Round(value, 4);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
