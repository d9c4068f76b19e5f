namespace VirtOpt.Forecasting;

/// <summary>
/// Rows of one band of leads that wait for its trees, feature by feature, with where their candidates go. Trees are cheap for a block of rows and dear for a
/// row alone.
/// </summary>
/// <param name="ensembles">The trees of the band, quantile by quantile.</param>
/// <param name="width">Numbers of each lead, of which <see cref="Experts.Width"/> are written here.</param>
/// <param name="capacity">The most that the VM can use, if known.</param>
internal sealed class RowBlock(ArraySegment<TreeEnsemble> ensembles, int width, double? capacity)
{
    private readonly float[] columns = new float[FeatureBuilder.Width * LeafMasks.BlockRows];
    private readonly OriginState[] states = new OriginState[LeafMasks.BlockRows];
    private readonly float[] references = new float[LeafMasks.BlockRows];
    private readonly int[] places = new int[LeafMasks.BlockRows];
    private readonly float[] answers = new float[QuantileLevels.Count * LeafMasks.BlockRows];
    private int count;

    /// <summary>Adds a row; a full block is emptied first.</summary>
    /// <param name="row">Features.</param>
    /// <param name="state">What is known at the origin.</param>
    /// <param name="reference">The best simple forecast.</param>
    /// <param name="place">Which of the candidates it is for.</param>
    /// <param name="candidates">Receives the candidates of a full block.</param>
    public void Add(ReadOnlySpan<float> row, OriginState state, float reference, int place, Span<float> candidates)
    {
        if (count == LeafMasks.BlockRows) Flush(candidates);
        for (int feature = 0; feature < row.Length; feature++) columns[(feature * LeafMasks.BlockRows) + count] = row[feature];
        (states[count], references[count], places[count]) = (state, reference, place);
        count++;
    }

    /// <summary>Writes the candidates of all rows that wait.</summary>
    public void Flush(Span<float> candidates)
    {
        for (int q = 0; q < QuantileLevels.Count; q++) ensembles[q].Evaluate(columns, count, answers.AsSpan(q * LeafMasks.BlockRows, LeafMasks.BlockRows));
        Span<float> trees = stackalloc float[QuantileLevels.Count];
        for (int row = 0; row < count; row++)
        {
            for (int q = 0; q < trees.Length; q++) trees[q] = references[row] + (states[row].Scale * answers[(q * LeafMasks.BlockRows) + row]);
            QuantileLevels.Order(trees, capacity);
            Experts.Fill(states[row], trees, references[row], candidates.Slice(places[row] * width, Experts.Width));
        }

        count = 0;
    }
}
