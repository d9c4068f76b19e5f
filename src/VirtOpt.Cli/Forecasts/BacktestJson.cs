using Newtonsoft.Json.Linq;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>A back-test as a document.</summary>
internal static class BacktestJson
{
    /// <summary>Makes it.</summary>
    public static JObject Document(DemandHistory history, BacktestSettings settings, IReadOnlyList<BacktestRow> rows) => new()
    {
        ["history"] = history.Name,
        ["stepSeconds"] = history.Grid.Step.TotalSeconds,
        ["slots"] = history.Grid.Slots,
        ["trainSlots"] = settings.TrainSlots,
        ["every"] = settings.Stride,
        ["overload"] = settings.Overload,
        ["rows"] = new JArray(rows.Select(r => Row(history, r))),
    };

    private static JObject Row(DemandHistory history, BacktestRow row)
    {
        JObject one = new()
        {
            ["dimension"] = row.Dimension.Name,
            ["unit"] = row.Dimension.Unit,
            ["lead"] = row.Lead,
            ["horizonSeconds"] = (row.Lead * history.Grid.Step).TotalSeconds,
            ["forecaster"] = row.Forecaster,
            ["class"] = row.VmClass is { } vmClass ? Name(vmClass) : "all",
            ["series"] = row.Series,
            ["scored"] = row.Scored,
            ["mase"] = JsonOut.Number(row.Mase),
            ["medianMase"] = JsonOut.Number(row.MedianMase),
            ["geometricMase"] = JsonOut.Number(row.GeometricMase),
            ["wape"] = JsonOut.Number(row.Wape),
            ["bias"] = JsonOut.Number(row.Bias),
            ["coveredSeries"] = JsonOut.Number(row.CoveredSeries),
            ["nearlyCoveredSeries"] = JsonOut.Number(row.NearlyCoveredSeries),
            ["overProvisioning"] = JsonOut.Number(row.OverProvisioning),
            ["worse"] = JsonOut.Number(row.Worse),
        };
        one["pinball"] = ByQuantile(row.Pinball);
        one["coverage"] = ByQuantile(row.Coverage);
        one["seriesCoverageP95"] = new JArray(row.SeriesCoverage.Select(v => JsonOut.Number(v)));
        return one;
    }

    /// <summary>Name of a class in documents.</summary>
    internal static string Name(VmClass vmClass) => vmClass.ToString().ToLowerInvariant();

    private static JObject ByQuantile(IReadOnlyList<double> values)
    {
        JObject all = [];
        for (int q = 0; q < values.Count; q++) all[QuantileLevels.NameOf(q)] = JsonOut.Number(values[q]);
        return all;
    }
}
