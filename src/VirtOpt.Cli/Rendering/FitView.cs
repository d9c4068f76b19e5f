using System.Globalization;
using Newtonsoft.Json.Linq;

namespace VirtOpt.Cli.Rendering;

/// <summary>How the transfer model was fitted to executed migrations.</summary>
internal static class FitView
{
    /// <summary>Writes the fit in two lines.</summary>
    public static void Write(Terminal terminal, TransferFit fit)
    {
        List<string> fitted = [$"bandwidth {Number(fit.Model.Bandwidth)} Mbit/s"];
        fitted.Add(fit.HasOverhead ? $"overhead {Number(fit.Model.Overhead)} s" : $"overhead {Number(fit.Model.Overhead)} s (not told by the history)");
        if (fit.HasDirtyRate) fitted.Add($"dirty rate {Number(fit.Model.DirtyRate)} MiB/s");
        terminal.Out.WriteLine($"Fitted to {Screen.Count(fit.Used, "executed migration")}: {string.Join(", ", fitted)}.");
        terminal.Out.WriteLine(
            $"Durations are told within {Percent(fit.After.Median)} for half of them, {Percent(fit.After.Ninetieth)} for nine of ten "
            + $"(before the fit {Percent(fit.Before.Median)} and {Percent(fit.Before.Ninetieth)}"
            + $"{(fit.Unseen is { } unseen ? $"; of migrations not seen by the fit {Percent(unseen.Median)} and {Percent(unseen.Ninetieth)}" : "")}); "
            + $"{Screen.Count(fit.Outliers, "outlier")}.");
    }

    /// <summary>The fit for programs; null without one.</summary>
    public static JToken Document(TransferFit? fit) => fit is null ? JValue.CreateNull() : new JObject
    {
        ["used"] = fit.Used,
        ["passedOver"] = fit.PassedOver,
        ["outliers"] = fit.Outliers,
        ["bandwidth"] = fit.Model.Bandwidth,
        ["overhead"] = fit.Model.Overhead,
        ["overheadIsFitted"] = fit.HasOverhead,
        ["dirtyRate"] = fit.Model.DirtyRate,
        ["dirtyRateIsFitted"] = fit.HasDirtyRate,
        ["errorBefore"] = Document(fit.Before),
        ["error"] = Document(fit.After),
        ["errorOfUnseen"] = fit.Unseen is { } unseen ? Document(unseen) : JValue.CreateNull(),
    };

    private static JObject Document(FitError error) => new() { ["median"] = JsonOut.Number(error.Median), ["ninetieth"] = JsonOut.Number(error.Ninetieth) };

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
