using System.CommandLine;
using VirtOpt.Forecasting;

namespace VirtOpt.Cli.Forecasts;

/// <summary>The options that say how to forecast.</summary>
internal sealed class MethodOptions
{
    private const string Fallback = "day";

    private readonly Option<string> method = new("--method")
    {
        Description = "how to forecast: " + string.Join("; ", ForecasterCatalogue.Entries.Select(e => $"{e.Name} ({e.Summary})")),
        HelpName = "NAME",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> model = new("--model")
    {
        Description = "trained model for auto; without one it is trained on the history. If it cannot be used, the forecast is the seasonal naive one",
        HelpName = "FILE",
    };

    private readonly Option<long?> seed = Numbers.Whole("--seed", "N", "seed of training and scenarios (1)", 0, int.MaxValue);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Verb verb)
    {
        foreach (Option option in (Option[])[method, model, seed]) verb.Options.Add(option);
    }

    /// <summary>The seed.</summary>
    public int SeedOf(ParseResult parsed) => (int)(parsed.GetValue(seed) ?? 1);

    /// <summary>The forecaster that was asked for, and why it is another one where it is.</summary>
    /// <exception cref="InvalidInputException">There is no such method.</exception>
    public (IDemandForecaster Forecaster, string? Warning) Create(ParseResult parsed, DemandHistory history, Terminal terminal)
    {
        string name = parsed.GetValue(method)!;
        if (name != "auto") return (ForecasterCatalogue.Create(name), null);
        TreeSettings settings = new() { Seed = SeedOf(parsed) };
        if (parsed.GetValue(model) is not { } path) return (new AutoForecaster(null, settings), null);
        try
        {
            TreeModel trees = TreeModelFile.Read(path);
            trees.CheckFits(path, history);
            return (new AutoForecaster(trees), null);
        }
        catch (InvalidInputException e)
        {
            terminal.Error.WriteLine($"virtopt: {e.Message}\nThe forecast is the seasonal naive one ({Fallback}) instead.");
            return (ForecasterCatalogue.Create(Fallback), e.Message);
        }
    }
}
