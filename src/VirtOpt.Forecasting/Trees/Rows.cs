namespace VirtOpt.Forecasting;

/// <summary>Rows of features with labels and weights.</summary>
internal sealed class Rows
{
    private readonly List<float[]> features = [];
    private readonly List<float> labels = [];
    private readonly List<float> weights = [];

    /// <summary>Labels, row by row.</summary>
    public float[] Labels => [.. labels];

    /// <summary>Weights, row by row.</summary>
    public float[] Weights => [.. weights];

    /// <summary>Number of rows.</summary>
    public int Count => labels.Count;

    /// <summary>Features, row by row.</summary>
    public float[] Flat()
    {
        float[] flat = new float[features.Sum(f => f.Length)];
        int at = 0;
        foreach (float[] row in features)
        {
            row.CopyTo(flat, at);
            at += row.Length;
        }

        return flat;
    }

    /// <summary>Adds a copy of a row.</summary>
    public void Add(ReadOnlySpan<float> row, float label, float weight)
    {
        features.Add(row.ToArray());
        labels.Add(label);
        weights.Add(weight);
    }

    /// <summary>Several lists of rows in one.</summary>
    public static Rows Join(IReadOnlyList<Rows> parts)
    {
        Rows all = new();
        foreach (Rows part in parts)
        {
            all.features.AddRange(part.features);
            all.labels.AddRange(part.labels);
            all.weights.AddRange(part.weights);
        }

        return all;
    }
}
