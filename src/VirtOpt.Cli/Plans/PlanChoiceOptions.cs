using System.CommandLine;

namespace VirtOpt.Cli.Plans;

/// <summary>The options that say which part of a plan to take, and in which order.</summary>
internal sealed class PlanChoiceOptions
{
    private const double MiBPerGiB = 1024;
    private readonly Option<long?> maxMigrations = Numbers.Whole(
        "--max-migrations", "N", "take at most this many migrations: those that are together worth most", 1, PlanLimits.Most);

    private readonly Option<double?> budget = Numbers.Positive(
        "--budget", "GIB", "let the migrations send at most this much over the network: those that are together worth most", 1e12);

    private readonly Option<bool> valueFirst = new("--value-first")
    {
        Description = "order the plan by value: it may end after any of its waves, but the whole may take longer",
    };

    private readonly Option<long?> waveSize = Numbers.Whole(
        "--wave-size", "N", "gradual migration: waves of at most this many moves, by value, one after another", 1, PlanLimits.Most);

    private readonly Option<long?> wavePause = Numbers.Whole(
        "--wave-pause", "SECONDS", "time of the check between two waves of --wave-size [default: 0]", 0, PlanLimits.Most);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Verb verb)
    {
        foreach (Option option in (Option[])[maxMigrations, budget, valueFirst, waveSize, wavePause]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(wavePause) is not null && result.GetResult(waveSize) is null)
                result.AddError("--wave-pause needs --wave-size.\nMaybe --wave-size was left out: without it waves overlap in time.");
        });
    }

    /// <summary>The limits with what was said here.</summary>
    public PlanLimits Apply(ParseResult parsed, PlanLimits limits)
    {
        if (parsed.GetValue(maxMigrations) is { } moves) limits = limits with { MaxMigrations = (int)moves };
        if (parsed.GetValue(budget) is { } gib) limits = limits with { MaxMovedMiB = gib * MiBPerGiB };
        if (parsed.GetValue(waveSize) is { } size) limits = limits with { WaveSize = (int)size };
        if (parsed.GetValue(wavePause) is { } pause) limits = limits with { WavePause = pause };
        return limits;
    }

    /// <summary>What comes first in the plan.</summary>
    public PlanOrder Order(ParseResult parsed) => parsed.GetValue(valueFirst) ? PlanOrder.Value : PlanOrder.Fastest;
}
