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
    /// <summary>Name and version of the document.</summary>
    public const string Version = "virtopt-forecast/1";

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
        ["version"] = Version,
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

    private static JObject Series(SeriesForecast series)
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
            one[QuantileLevels.NameOf(q)] = new JArray(Enumerable.Range(0, series.Slots).Select(slot => (double)MathF.Round(series[slot, quantile], 4)));
        }

        return one;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
