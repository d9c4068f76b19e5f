namespace VirtOpt.Forecasting;

/// <summary>One thing that cleaning found in one series.</summary>
/// <param name="Kind">What was found and done.</param>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Dimension">Name of the dimension.</param>
/// <param name="Samples">How many samples it concerns.</param>
/// <param name="Detail">More about it, or empty.</param>
public sealed record CleaningNote(string Kind, string Vm, string Dimension, long Samples, string Detail = "");

/// <summary>What was done to a history before it was used. Nothing is changed without a note here.</summary>
/// <param name="Samples">Samples that were read.</param>
/// <param name="Notes">What was found, in the order of the files.</param>
public sealed record CleaningReport(long Samples, IReadOnlyList<CleaningNote> Notes)
{
    /// <summary>One line for each kind: how many series and samples, and the first as an example.</summary>
    public IReadOnlyList<string> Summary =>
    [
        .. Notes.GroupBy(n => n.Kind, StringComparer.Ordinal).Select(kind =>
        {
            CleaningNote first = kind.First();
            string detail = first.Detail.Length == 0 ? "" : $", {first.Detail}";
            return $"{kind.Key}: {kind.Count()} series, {kind.Sum(n => n.Samples)} samples (VM {first.Vm}, {first.Dimension}{detail})";
        }),
    ];
}
