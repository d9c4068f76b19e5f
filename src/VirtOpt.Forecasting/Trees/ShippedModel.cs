namespace VirtOpt.Forecasting;

/// <summary>
/// The model that comes with VirtOpt (<c>models/forecasting</c>): CPU in per cent and memory in MiB by 5 minutes. It serves where a history is too short to
/// train on.
/// </summary>
public static class ShippedModel
{
    private const string Resource = "VirtOpt.Forecasting.vm-demand.model";
    private static readonly Lazy<TreeModel> Known = new(Read);

    /// <summary>Loads it, once.</summary>
    /// <exception cref="InvalidInputException">It is damaged or was made for other features; the message says what to do.</exception>
    public static TreeModel Load() => Known.Value;

    /// <summary>The model, if it is for histories like this one; else null.</summary>
    /// <param name="history">The history.</param>
    internal static TreeModel? For(DemandHistory history)
    {
        TreeModel model = Load();
        return model.Step == history.Grid.Step && history.Dimensions.All(d => model.Dimensions.Contains(d.Name)) ? model : null;
    }

    private static TreeModel Read()
    {
        using Stream stream = typeof(ShippedModel).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        return TreeModelFile.Read("the shipped model", stream);
    }
}
