namespace VirtOpt.Forecasting;

/// <summary>A forecast read from a file that <c>virtopt forecast --output</c> wrote: what VMs will use, by name, to plan with.</summary>
public sealed class ForecastFile
{
    /// <summary>Name and version of the document.</summary>
    public const string Version = "virtopt-forecast/1";

    private const int Steps = 32;
    private const double WithoutScenarios = 0.95;
    private readonly string path;
    private readonly double slotSeconds;
    private readonly Dictionary<(string Vm, string Dimension), ForecastFileSeries> byKey;

    private ForecastFile(string path, double slotSeconds, IReadOnlyList<ForecastFileSeries> series)
    {
        (this.path, this.slotSeconds) = (path, slotSeconds);
        byKey = series.ToDictionary(s => (s.Vm, s.Dimension));
        Dimensions = [.. series.Select(s => s.Dimension).Distinct()];
        Slots = series[0].P95.Count;
        Scenarios = series[0].Scenarios.Count;
    }

    /// <summary>Names of the dimensions that are forecast.</summary>
    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>Slots of the horizon.</summary>
    public int Slots { get; }

    /// <summary>Joint scenarios of each slot; 0 if there are quantiles only.</summary>
    public int Scenarios { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or its parts do not fit each other.</exception>
    public static ForecastFile Read(string path)
    {
        ForecastDraft draft = new();
        JsonCursor.ReadFile(path, ForecastDraft.Fields, draft);
        ForecastFileSeries[] series = [.. draft.Series];
        if (series.Length == 0) throw InvalidInputException.Because($"{path}: the forecast has no series.", "its history was empty.");
        foreach (ForecastFileSeries one in series)
            if (one.P95.Count != series[0].P95.Count || one.P95.Count == 0 || one.Scenarios.Any(s => s.Count != one.P95.Count)
                || one.Scenarios.Count != series[0].Scenarios.Count)
                throw InvalidInputException.Because(
                    $"{path}: the forecast of {one.Dimension} of VM ({one.Vm}) has {one.P95.Count} slots in {one.Scenarios.Count} scenarios of "
                    + $"{string.Join(", ", one.Scenarios.Select(s => s.Count).Distinct())} slots; expected {series[0].P95.Count} "
                    + $"in {series[0].Scenarios.Count} as for VM ({series[0].Vm}).",
                    "the file was edited or cut.");
        if (series.GroupBy(s => (s.Vm, s.Dimension)).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            throw InvalidInputException.Because($"{path}: the forecast of {twice.Dimension} of VM ({twice.Vm}) is there twice.", "two files were joined.");
        return new ForecastFile(path, draft.SlotSeconds, series);
    }

    /// <summary>
    /// What the VMs of a cluster will use of a dimension: slot by slot in every scenario, or at P95 if the file has none. Amounts are in the cluster's
    /// unit; a forecast in per cent is of what the VM asks for in the cluster. A VM without forecast is taken to use what it asks for.
    /// </summary>
    /// <exception cref="InvalidInputException">No VM of the cluster has a forecast, or units do not fit.</exception>
    public PlanningDemand DemandOf(ClusterSnapshot cluster, string dimension)
    {
        int d = cluster.DimensionNamed(dimension);
        ForecastFileSeries?[] series = [.. cluster.Vms.Select(vm => byKey.GetValueOrDefault((vm.Name, dimension)))];
        if (series.All(s => s is null))
            throw InvalidInputException.Because(
                $"{path}: no VM of the cluster has a forecast of ({dimension}).", "the VMs are called otherwise there, or it belongs to another cluster.");
        double[] unit = [.. cluster.Vms.Select((vm, v) => series[v] is { } one ? UnitOf(one, cluster.Dimensions[d], vm.Demand[d]) : 1)];
        double Amount(int scenario, int slot, int vm) =>
            series[vm] is not { } one ? cluster.Vms[vm].Demand[d] : unit[vm] * (Scenarios > 0 ? one.Scenarios[scenario][slot] : one.P95[slot]);
        PlanningDemand demand = PlanningDemand.Round(
            dimension, TimeSpan.FromSeconds(slotSeconds), Slots * Math.Max(1, Scenarios), series.Length, (k, vm) => Amount(k / Slots, k % Slots, vm), Steps);
        return demand with { WithoutForecast = series.Count(s => s is null), Quantile = Scenarios > 0 ? null : WithoutScenarios };
    }

    private double UnitOf(ForecastFileSeries series, Dimension dimension, long asked)
    {
        if (series.Unit == "%") return asked / 100.0;
        if (string.Equals(series.Unit, dimension.Unit, StringComparison.OrdinalIgnoreCase)) return 1;
        throw InvalidInputException.Because(
            $"{path}: the forecast of {series.Dimension} of VM ({series.Vm}) is in ({series.Unit}); "
            + $"the cluster counts it in ({dimension.Unit}), expected that or (%).",
            "the history has another unit: convert it before forecasting.");
    }
}

/// <summary>One VM and dimension of a <see cref="ForecastFile"/>.</summary>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Dimension">Name of the dimension.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="P95">P95 by slot.</param>
/// <param name="Scenarios">Scenario by scenario the demand by slot; empty if there are none.</param>
internal sealed record ForecastFileSeries(
    string Vm, string Dimension, string Unit, IReadOnlyList<float> P95, IReadOnlyList<IReadOnlyList<float>> Scenarios);

/// <summary>The fields of a forecast file.</summary>
internal sealed class ForecastDraft
{
    private static readonly JsonFields<SeriesDraft> SeriesFields = new("series of the forecast")
    {
        { "vm", (cursor, draft) => draft.Vm = cursor.Name(), true },
        { "dimension", (cursor, draft) => draft.Dimension = cursor.Name(), true },
        { "unit", (cursor, draft) => draft.Unit = cursor.Text(), true },
        { "method", (cursor, _) => cursor.Text() },
        { "p50", (cursor, _) => cursor.Skip() },
        { "p90", (cursor, _) => cursor.Skip() },
        { "p95", (cursor, draft) => draft.P95 = Amounts(cursor), true },
        { "p99", (cursor, _) => cursor.Skip() },
        { "scenarios", (cursor, draft) => draft.Scenarios = cursor.List("scenarios", () => Amounts(cursor)) },
    };

    /// <summary>The fields.</summary>
    public static JsonFields<ForecastDraft> Fields { get; } = new("forecast")
    {
        { "version", (cursor, _) => CheckVersion(cursor), true },
        { "history", (cursor, _) => cursor.Text() },
        { "origin", (cursor, _) => cursor.Text() },
        { "slotSeconds", (cursor, draft) => draft.SlotSeconds = Positive(cursor), true },
        { "method", (cursor, _) => cursor.Text() },
        { "warning", (cursor, _) => cursor.Skip() },
        { "training", (cursor, _) => cursor.Skip() },
        { "cleaning", (cursor, _) => cursor.Skip() },
        { "levelShifts", (cursor, _) => cursor.Skip() },
        { "scenarios", (cursor, _) => cursor.Whole(0, int.MaxValue) },
        { "series", (cursor, draft) => draft.Series = cursor.List("series", () => One(cursor)), true },
    };

    /// <summary>Length of a slot.</summary>
    public double SlotSeconds { get; private set; }

    /// <summary>The series.</summary>
    public IReadOnlyList<ForecastFileSeries> Series { get; private set; } = [];

    private static ForecastFileSeries One(JsonCursor cursor)
    {
        SeriesDraft draft = new();
        cursor.Object(SeriesFields, draft);
        return new ForecastFileSeries(draft.Vm, draft.Dimension, draft.Unit, draft.P95, draft.Scenarios);
    }

    private static List<float> Amounts(JsonCursor cursor) => cursor.List("amounts by slot", () =>
        cursor.Number() is >= 0 and <= JsonFields.MaxAmount and { } amount ? (float)amount : throw cursor.Expected("an amount of at least 0"));

    private static double Positive(JsonCursor cursor) => cursor.Number() is > 0 and { } seconds ? seconds : throw cursor.Expected("seconds above 0");

    private static void CheckVersion(JsonCursor cursor)
    {
        if (cursor.Text() != ForecastFile.Version) throw cursor.Expected($"the version \"{ForecastFile.Version}\"");
    }

    private sealed class SeriesDraft
    {
        public string Vm { get; set; } = "";

        public string Dimension { get; set; } = "";

        public string Unit { get; set; } = "";

        public IReadOnlyList<float> P95 { get; set; } = [];

        public IReadOnlyList<IReadOnlyList<float>> Scenarios { get; set; } = [];
    }
}
