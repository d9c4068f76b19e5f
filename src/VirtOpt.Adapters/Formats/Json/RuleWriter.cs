namespace VirtOpt;

/// <summary>Writes constraints and objectives as <see cref="RuleReader"/> reads them; parameters that have their default are left out.</summary>
internal sealed class RuleWriter(JsonOutput json, ClusterSnapshot cluster)
{
    /// <summary>The name of an enumeration's value in files.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>Writes the fields of a place.</summary>
    public static void Place(JsonOutput json, ClusterSnapshot cluster, Place place)
    {
        json.Field("host", cluster[place.Host].Name);
        json.Numbers("numa", Mask.Bits(place.NumaMask));
        json.Numbers("gpu", Mask.Bits(place.GpuMask));
    }

    /// <summary>Writes the fields of a constraint.</summary>
    public void Constraint(Constraint rule)
    {
        CatalogueEntry<Constraint> entry = ConstraintCatalogue.Of(rule);
        Rule(entry.Name, entry.Parameters, entry.ValuesOf(rule));
        json.Field("continuous", rule.Continuous, rule is Capacity);
        if (rule.Soft is not { } soft) return;
        json.Object("soft", () =>
        {
            json.Field("weight", soft.Weight);
            json.Field("level", soft.Level);
        });
    }

    /// <summary>Writes the fields of an objective.</summary>
    public void Objective(Objective rule)
    {
        CatalogueEntry<Objective> entry = ObjectiveCatalogue.Of(rule);
        Rule(entry.Name, entry.Parameters, entry.ValuesOf(rule));
    }

    private void Rule(string type, IReadOnlyList<CatalogueParameter> parameters, IReadOnlyList<object?> values)
    {
        json.Field("type", type);
        for (int i = 0; i < values.Count; i++)
            if (parameters[i].IsRequired || !Equals(values[i], parameters[i].Default)) Value(parameters[i].Name, values[i]);
    }

    private void Value(string name, object? value)
    {
        switch (value)
        {
            case VmGroup group:
                json.Field(name, group.Name);
                break;
            case HostGroup group:
                json.Field(name, group.Name);
                break;
            case IReadOnlyList<VmGroup> groups:
                json.Names(name, groups.Select(group => group.Name));
                break;
            case HostMatrix matrix:
                json.Array(name, Enumerable.Range(0, matrix.Count), from => json.Numbers(matrix.Row(new HostId(from)).ToArray()));
                break;
            case ResourceVector amounts:
                json.Amounts(name, cluster.Dimensions, amounts, d => amounts[d] != 0);
                break;
            case DemandForecast forecast:
                json.Object(name, () => Forecast(forecast));
                break;
            default:
                json.Field(name, value);
                break;
        }
    }

    private void Forecast(DemandForecast forecast)
    {
        json.Field("dimension", forecast.Dimension);
        json.Field("slotSeconds", (long)forecast.SlotLength.TotalSeconds);
        VmId[] vms = [.. Enumerable.Range(0, forecast.Vms).Select(vm => new VmId(vm))];
        json.Array("slots", Enumerable.Range(0, forecast.Slots), slot => json.Numbers(vms.Select(vm => forecast[slot, vm])));
    }
}
