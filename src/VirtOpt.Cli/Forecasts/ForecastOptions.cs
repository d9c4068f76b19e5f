using System.CommandLine;
using System.Globalization;
using VirtOpt.Cli.Rendering;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>The options that plan a problem by a forecast.</summary>
internal sealed class ForecastOptions
{
    private const int DefaultPerMille = 10;

    private readonly Option<string?> file = new("--forecast")
    {
        Description = "forecast (JSON of virtopt forecast) by which no host may be overloaded more often than --overload says",
        HelpName = "FILE",
    };

    private readonly Option<int?> overload = Numbers.PerMille(
        "--overload", "share of the forecast's slots, over all scenarios, in which a host may be overloaded [default: 1]");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Verb verb)
    {
        verb.Options.Add(file);
        verb.Options.Add(overload);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(overload) is not null && result.GetResult(file) is null) result.AddError("--overload needs a --forecast to judge by.");
        });
    }

    /// <summary>The rules that follow from the forecast; none without one.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or does not fit the cluster.</exception>
    public IEnumerable<Constraint> Rules(ParseResult parsed, ClusterSnapshot cluster, Terminal terminal)
    {
        if (parsed.GetValue(file) is not { } path) return [];
        ForecastFile forecast = ForecastFile.Read(path);
        string[] dimensions = [.. forecast.Dimensions.Where(name => cluster.Dimensions.Any(d => d.Name == name))];
        if (dimensions.Length == 0)
            throw InvalidInputException.Because(
                $"{path}: the forecast is of ({string.Join(", ", forecast.Dimensions)}); the cluster has none of these dimensions.",
                "it belongs to another cluster, or its columns have other names.");
        return [.. dimensions.Select(name => RuleOf(forecast, cluster, name, parsed.GetValue(overload) ?? DefaultPerMille, terminal))];
    }

    private static OverloadProbability RuleOf(ForecastFile forecast, ClusterSnapshot cluster, string dimension, int perMille, Terminal terminal)
    {
        PlanningDemand demand = forecast.DemandOf(cluster, dimension);
        OverloadProbability rule = new(demand.Forecast, perMille);
        string what = demand.Quantile is { } quantile
            ? string.Create(CultureInfo.InvariantCulture, $"P{quantile * 100:0} of each VM")
            : $"{Screen.Count(forecast.Scenarios, "joint scenario")}";
        string missing = demand.WithoutForecast == 0 ? "" : $"; {Screen.Count(demand.WithoutForecast, "VM")} without forecast planned with what they ask for";
        terminal.Error.WriteLine(
            $"forecast: {dimension}, {Screen.Count(forecast.Slots, "slot")} of {what}: a host may be over its capacity in {Screen.Number(rule.Allowed)} "
            + $"of {Screen.Number(demand.Forecast.Slots)}{missing}");
        return rule;
    }
}
