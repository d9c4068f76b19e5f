using Newtonsoft.Json;

namespace VirtOpt;

/// <summary>
/// Reads constraints and objectives by their catalogue entries: an object whose first field is <c>type</c> and whose other fields are the
/// parameters of the entry; a constraint may be <c>soft</c> and <c>continuous</c>.
/// </summary>
internal sealed class RuleReader(JsonCursor cursor, ClusterSnapshot cluster)
{
    private static readonly JsonFields<SoftDraft> SoftFields = new("soft")
    {
        { "weight", (c, s) => s.Weight = c.Whole(0, 1_000_000_000) },
        { "level", (c, s) => s.Level = (int)c.Whole(1, 100) },
    };

    private static readonly JsonFields<ForecastDraft> ForecastFields = new("forecast")
    {
        { "dimension", (c, f) => f.Dimension = c.Name(), true },
        { "slotSeconds", (c, f) => f.SlotSeconds = c.Whole(1, 31_536_000), true },
        { "slots", (c, f) => f.Slots = c.List("slots", () => (IReadOnlyList<long>)c.List("amounts by VM", () => c.Amount())), true },
    };

    /// <summary>Reads the constraint that the cursor stands on and checks it against the cluster.</summary>
    public Constraint Constraint()
    {
        (Soft? soft, bool? continuous) = (null, null);
        Constraint rule = Rule("constraint", ConstraintCatalogue.Entries, ConstraintCatalogue.Named, name =>
        {
            if (name == "soft") soft = ReadSoft();
            else if (name == "continuous") continuous = cursor.Flag();
            else return false;
            return true;
        });
        return Valid(new PlacementProblem(cluster) { Constraints = [rule with { Soft = soft, Continuous = continuous ?? rule.Continuous }] }).Constraints[^1];
    }

    /// <summary>Reads the objective that the cursor stands on and checks it against the cluster.</summary>
    public Objective Objective()
    {
        Objective rule = Rule("objective", ObjectiveCatalogue.Entries, ObjectiveCatalogue.Named, _ => false);
        return Valid(new PlacementProblem(cluster) { Objectives = [rule] }).Objectives[0];
    }

    private PlacementProblem Valid(PlacementProblem problem) => cursor.Located(() =>
    {
        problem.Validate();
        return problem;
    });

    private T Rule<T>(string kind, IReadOnlyList<CatalogueEntry<T>> entries, Func<string, CatalogueEntry<T>?> named, Func<string, bool> further)
        where T : class
    {
        if (cursor.Token != JsonToken.StartObject) throw cursor.Expected($"an object ({kind})");
        CatalogueEntry<T>? entry = null;
        object?[] values = [];
        bool[] given = [];
        cursor.Map(kind, name =>
        {
            if (entry is null)
            {
                if (name != "type") throw cursor.Error($"the first field of the {kind} is ({name}); expected (type)", $"(type) stands further down.");
                entry = named(cursor.Name()) ?? throw cursor.Error(
                    $"there is no {kind} ({cursor.Name()})", JsonFields.Advice(cursor.Name(), entries.Select(e => e.Name)));
                values = [.. entry.Parameters.Select(p => p.Default)];
                given = new bool[values.Length];
                return;
            }

            int index = entry.Parameters.TakeWhile(p => p.Name != name).Count();
            if (index < values.Length)
            {
                if (given[index]) throw cursor.Error($"the field ({name}) is there twice", "two versions were joined.");
                (values[index], given[index]) = (Value(entry.Parameters[index]), true);
            }
            else if (!further(name))
                throw cursor.Error($"the {kind} ({entry.Name}) has an unknown field ({name})", JsonFields.Advice(name, entry.Parameters.Select(p => p.Name)));
        });
        if (entry is null) throw cursor.Error($"the {kind} has no (type)", $"one of {string.Join(", ", entries.Select(e => $"({e.Name})"))} was meant.");
        for (int i = 0; i < values.Length; i++)
            if (entry.Parameters[i].IsRequired && !given[i])
                throw cursor.Error(
                    $"the field ({entry.Parameters[i].Name}) of the {kind} ({entry.Name}) is missing", $"it was left out: {entry.Parameters[i].Summary}.");
        return entry.Create(values);
    }

    private object? Value(CatalogueParameter parameter)
    {
        if (cursor.IsNull && !parameter.IsRequired && parameter.Default is null) return null;
        if (parameter.Type == typeof(string)) return cursor.Text();
        if (parameter.Type == typeof(int)) return (int)cursor.Whole(int.MinValue, int.MaxValue);
        if (parameter.Type == typeof(long)) return cursor.Whole(-JsonFields.MaxAmount, JsonFields.MaxAmount);
        if (parameter.Type == typeof(bool)) return cursor.Flag();
        if (parameter.Type == typeof(VmGroup)) return cursor.Named(cluster.Group);
        if (parameter.Type == typeof(HostGroup)) return cursor.Named(cluster.HostGroup);
        if (parameter.Type == typeof(ResourceVector)) return new VectorReader(cluster.Dimensions).Read(cursor, mayOmit: true);
        if (parameter.Type == typeof(DemandForecast)) return Forecast();
        if (parameter.Type == typeof(IReadOnlyList<VmGroup>)) return cursor.List("names of VM groups", () => cursor.Named(cluster.Group));
        if (parameter.Type == typeof(HostMatrix)) return Matrix();
        throw new NotSupportedException($"Parameters of type {parameter.Type} are not read from files yet.");
    }

    private Soft ReadSoft()
    {
        SoftDraft draft = new();
        cursor.Object(SoftFields, draft);
        return new Soft(draft.Weight, draft.Level);
    }

    private DemandForecast Forecast()
    {
        ForecastDraft draft = new();
        cursor.Object(ForecastFields, draft);
        return cursor.Located(() => new DemandForecast(draft.Dimension, TimeSpan.FromSeconds(draft.SlotSeconds), draft.Slots));
    }

    private HostMatrix Matrix()
    {
        List<List<long>> rows = cursor.List("rows of prices, one by host", () => cursor.List("prices by host", () => cursor.Amount()));
        return cursor.Located(() => new HostMatrix(rows));
    }

    private sealed class SoftDraft
    {
        public long Weight { get; set; } = 1;

        public int Level { get; set; } = 1;
    }

    private sealed class ForecastDraft
    {
        public string Dimension { get; set; } = "";

        public long SlotSeconds { get; set; }

        public IReadOnlyList<IReadOnlyList<long>> Slots { get; set; } = [];
    }
}
