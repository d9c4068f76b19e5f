namespace VirtOpt.Simulation;

/// <summary>How <see cref="PlannedConsolidation"/> plans. The defaults are one setting for every trace.</summary>
public sealed record PlanningSettings
{
    /// <summary>Share of time in which a host that gets VMs may be asked for more than it has; above 0, up to 0.5.</summary>
    public double Risk { get; init; } = 0.005;

    /// <summary>
    /// Share of time above which a host has to give a VM away; at least <see cref="Risk"/>, up to 0.9. The distance between the two saves migrations.
    /// </summary>
    public double Tolerance { get; init; } = 0.03;

    /// <summary>Share of each host's CPU that is left free on top when it gets VMs; at least 0, below 1.</summary>
    public double Reserve { get; init; }

    /// <summary>Steps of the past from which demand is foreseen; 0 switches foresight off and plans with the demand of the moment.</summary>
    public int Window { get; init; } = 36;

    /// <summary>Name of the forecaster whose joint scenarios are planned with (<see cref="ForecasterCatalogue"/>); null for the past as it was.</summary>
    public string? Forecaster { get; init; }

    /// <summary>Steps from one re-packing of the cluster to the next, at least 1.</summary>
    public int Every { get; init; } = 24;

    /// <summary>Watts that a migration has to save if a re-packing is to make it, at least 0.</summary>
    public double Price { get; init; } = 3;

    /// <summary>Work of the engine on a re-packing, above 0; see <see cref="MaxWork"/>.</summary>
    public double Work { get; init; } = 0.2;

    /// <summary>Seed of the engine, and of scenarios that are drawn while little has been seen.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    public void Validate()
    {
        Refuse(!(Risk is > 0 and <= 0.5), nameof(Risk), Risk, "above 0, up to 0.5");
        Refuse(!(Tolerance >= Risk && Tolerance <= 0.9), nameof(Tolerance), Tolerance, $"within the risk ({Risk}) and 0.9");
        Refuse(!(Reserve is >= 0 and < 1), nameof(Reserve), Reserve, "at least 0, below 1");
        Refuse(Window is < 0 or > 10_000, nameof(Window), Window, "within 0 .. 10000 steps");
        if (Forecaster is not null && Window == 0)
            throw InvalidInputException.Because(
                $"The policy (virtopt) cannot plan with the forecaster ({Forecaster}) while foresight is switched off (window=0 or forecast=off).",
                "one of the two was meant.");
        Refuse(Every < 1, nameof(Every), Every, "at least 1 step");
        Refuse(!(Price is >= 0 and <= 1_000_000), nameof(Price), Price, "within 0 .. 1000000 W");
        Refuse(!(Work is > 0 and <= 10_000), nameof(Work), Work, "above 0, up to 10000");
    }

    private static void Refuse(bool isWrong, string name, double value, string range)
    {
        if (isWrong)
            throw InvalidInputException.Because(
                $"The parameter ({name.ToLowerInvariant()}={value}) of the policy (virtopt) is out of range; expected {range}.",
                "leave it out: it has a default.");
    }
}
