using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>
/// A sum of regression trees in flat arrays, with its own evaluation: forecasting needs no native library. A node sends a row to the left if its feature
/// is at most the
/// threshold; a negative child is a leaf.
/// </summary>
internal sealed class TreeEnsemble
{
    // What a step of the walk reads lies side by side.
    private readonly Node[] nodes;
    private readonly Lazy<LeafMasks?> masks;

    /// <summary>Makes an ensemble; arrays are taken over.</summary>
    public TreeEnsemble(int[] roots, short[] features, float[] thresholds, int[] left, int[] right, float[] leaves)
    {
        (Roots, Features, Thresholds, Left, Right, Leaves) = (roots, features, thresholds, left, right, leaves);
        nodes = [.. features.Select((feature, i) => new Node(feature, thresholds[i], left[i], right[i]))];
        masks = new Lazy<LeafMasks?>(() => LeafMasks.Of(this));
    }

    /// <summary>First node of each tree; negative for a tree that is a leaf.</summary>
    public int[] Roots { get; }

    /// <summary>Feature of each node.</summary>
    public short[] Features { get; }

    /// <summary>Threshold of each node.</summary>
    public float[] Thresholds { get; }

    /// <summary>Left child of each node.</summary>
    public int[] Left { get; }

    /// <summary>Right child of each node.</summary>
    public int[] Right { get; }

    /// <summary>Values of the leaves; child c below 0 is leaf -1 - c.</summary>
    public float[] Leaves { get; }

    /// <summary>The sum of the leaves that a row reaches.</summary>
    public float Evaluate(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (int root in Roots)
        {
            int node = root;
            while (node >= 0)
            {
                ref readonly Node at = ref nodes[node];
                node = row[at.Feature] <= at.Threshold ? at.Left : at.Right;
            }

            sum += Leaves[-1 - node];
        }

        return (float)sum;
    }

    /// <summary>The same for each row of a block, quicker.</summary>
    /// <param name="block">Features, column by column, each of <see cref="LeafMasks.BlockRows"/> numbers.</param>
    /// <param name="rows">Rows of the block that are in use.</param>
    /// <param name="sums">Receives one number for each row.</param>
    public void Evaluate(ReadOnlySpan<float> block, int rows, Span<float> sums)
    {
        if (LeafMasks.Pays(rows) && masks.Value is { } quick)
        {
            quick.Evaluate(block, rows, sums);
            return;
        }

        Span<float> row = stackalloc float[block.Length / LeafMasks.BlockRows];
        for (int i = 0; i < rows; i++)
        {
            for (int feature = 0; feature < row.Length; feature++) row[feature] = block[(feature * LeafMasks.BlockRows) + i];
            sums[i] = Evaluate(row);
        }
    }

    /// <summary>The sum of two ensembles.</summary>
    public static TreeEnsemble Join(TreeEnsemble first, TreeEnsemble second)
    {
        (int nodes, int leaves) = (first.Features.Length, first.Leaves.Length);
        int Moved(int child) => child >= 0 ? child + nodes : child - leaves;
        return new TreeEnsemble(
            [.. first.Roots, .. second.Roots.Select(Moved)],
            [.. first.Features, .. second.Features],
            [.. first.Thresholds, .. second.Thresholds],
            [.. first.Left, .. second.Left.Select(Moved)],
            [.. first.Right, .. second.Right.Select(Moved)],
            [.. first.Leaves, .. second.Leaves]);
    }

    /// <summary>Reads LightGBM's text of a model of numeric features without missing values.</summary>
    public static TreeEnsemble FromLightGbm(string text)
    {
        List<int> roots = [];
        List<short> features = [];
        List<float> thresholds = [];
        List<int> left = [];
        List<int> right = [];
        List<float> leaves = [];
        foreach (string tree in text.Split("\nTree=").Skip(1))
        {
            Dictionary<string, string> lines = tree.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2)
                .GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);
            int nodeBase = features.Count;
            int leafBase = leaves.Count;
            leaves.AddRange(Numbers(lines, "leaf_value").Select(v => (float)v));
            if (lines["num_leaves"] == "1")
            {
                roots.Add(-1 - leafBase);
                continue;
            }

            roots.Add(nodeBase);
            features.AddRange(Numbers(lines, "split_feature").Select(v => (short)v));
            thresholds.AddRange(Numbers(lines, "threshold").Select(FloatAtMost));
            left.AddRange(Numbers(lines, "left_child").Select(v => Child((int)v, nodeBase, leafBase)));
            right.AddRange(Numbers(lines, "right_child").Select(v => Child((int)v, nodeBase, leafBase)));
        }

        return new TreeEnsemble([.. roots], [.. features], [.. thresholds], [.. left], [.. right], [.. leaves]);
    }

    private static int Child(int child, int nodeBase, int leafBase) => child >= 0 ? nodeBase + child : child - leafBase;

    private static IEnumerable<double> Numbers(Dictionary<string, string> lines, string name) =>
        lines.TryGetValue(name, out string? text) && text.Length > 0 ? text.Split(' ').Select(w => double.Parse(w, CultureInfo.InvariantCulture)) : [];

    private static float FloatAtMost(double value)
    {
        float near = (float)value;
        return near > value ? MathF.BitDecrement(near) : near;
    }

    private readonly record struct Node(int Feature, float Threshold, int Left, int Right);
}
