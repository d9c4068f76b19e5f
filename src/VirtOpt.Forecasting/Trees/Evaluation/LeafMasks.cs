using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VirtOpt.Forecasting;

/// <summary>
/// The trees of an ensemble for many rows at once. The leaves of a tree are the bits of a word, from the left; a node that sends a row to the right takes the
/// leaves on its left away, and the first bit that is left in the end is the leaf that the row reaches, in whatever order nodes are looked at. So all nodes
/// are compared with eight rows at a time and no branch is taken (QuickScorer, Lucchese et al., SIGIR 2015; with vectors, SIGIR 2016). The sums are those of
/// a walk, bit by bit. Immutable.
/// </summary>
internal sealed class LeafMasks
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 32;

    private const int MostLeaves = 32;
    private const int FewRows = 3; // a walk of each row is quicker
    private readonly int[] columns;
    private readonly float[] thresholds;
    private readonly uint[] masks;
    private readonly int[] ends;
    private readonly float[] leaves;
    private readonly int[] firstLeaves;

    private LeafMasks(List<Node> nodes, List<int> ends, List<float> leaves, List<int> firstLeaves)
    {
        columns = [.. nodes.Select(n => n.Feature * BlockRows)];
        thresholds = [.. nodes.Select(n => n.Threshold)];
        masks = [.. nodes.Select(n => n.Mask)];
        (this.ends, this.leaves, this.firstLeaves) = ([.. ends], [.. leaves], [.. firstLeaves]);
    }

    /// <summary>Makes the masks of an ensemble; null if a tree of it has more leaves than a word has bits.</summary>
    public static LeafMasks? Of(TreeEnsemble trees)
    {
        List<Node> nodes = [];
        List<int> ends = [];
        List<float> leaves = [];
        List<int> firstLeaves = [];
        foreach (int root in trees.Roots)
        {
            firstLeaves.Add(leaves.Count);
            Add(trees, root, leaves.Count, nodes, leaves);
            ends.Add(nodes.Count);
            if (leaves.Count - firstLeaves[^1] > MostLeaves) return null;
        }

        return new LeafMasks(nodes, ends, leaves, firstLeaves);
    }

    /// <summary>Whether this is quicker than a walk of each row.</summary>
    public static bool Pays(int rows) => rows > FewRows && Vector256.IsHardwareAccelerated;

    /// <summary>The sum of the leaves that each row reaches.</summary>
    /// <param name="block">Features, column by column, each of <see cref="BlockRows"/> numbers.</param>
    /// <param name="rows">Rows of the block that are in use.</param>
    /// <param name="sums">Receives one number for each row.</param>
    public void Evaluate(ReadOnlySpan<float> block, int rows, Span<float> sums)
    {
        Span<double> totals = stackalloc double[BlockRows];
        Span<uint> left = stackalloc uint[BlockRows];
        totals.Clear();
        int node = 0;
        for (int tree = 0; tree < ends.Length; tree++)
        {
            if (rows <= Vector256<float>.Count) NarrowTree(block, node, ends[tree], left);
            else WideTree(block, node, ends[tree], left);
            node = ends[tree];
            ReadOnlySpan<float> own = leaves.AsSpan(firstLeaves[tree]);
            for (int row = 0; row < rows; row++) totals[row] += own[BitOperations.TrailingZeroCount(left[row])];
        }

        for (int row = 0; row < rows; row++) sums[row] = (float)totals[row];
    }

    /// <summary>The leaves of a tree that are left for the first eight rows.</summary>
    private void NarrowTree(ReadOnlySpan<float> block, int node, int end, Span<uint> left)
    {
        ref float first = ref MemoryMarshal.GetReference(block);
        Vector256<uint> a = Vector256<uint>.AllBitsSet;
        for (; node < end; node++)
            a &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref first, (nuint)columns[node]), Vector256.Create(thresholds[node])).AsUInt32()
                | Vector256.Create(masks[node]);
        a.CopyTo(left);
    }

    /// <summary>The leaves of a tree that are left for all rows of the block.</summary>
    private void WideTree(ReadOnlySpan<float> block, int node, int end, Span<uint> left)
    {
        ref float first = ref MemoryMarshal.GetReference(block);
        Vector256<uint> a = Vector256<uint>.AllBitsSet;
        Vector256<uint> b = a;
        Vector256<uint> c = a;
        Vector256<uint> d = a;
        for (; node < end; node++)
        {
            ref float column = ref Unsafe.Add(ref first, columns[node]);
            Vector256<float> threshold = Vector256.Create(thresholds[node]);
            Vector256<uint> mask = Vector256.Create(masks[node]);
            a &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref column), threshold).AsUInt32() | mask;
            b &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref column, 8), threshold).AsUInt32() | mask;
            c &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref column, 16), threshold).AsUInt32() | mask;
            d &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref column, 24), threshold).AsUInt32() | mask;
        }

        a.CopyTo(left);
        b.CopyTo(left[8..]);
        c.CopyTo(left[16..]);
        d.CopyTo(left[24..]);
    }

    /// <summary>Adds what is below a node: leaves from the left to the right.</summary>
    private static void Add(TreeEnsemble trees, int child, int firstLeaf, List<Node> nodes, List<float> leaves)
    {
        if (child < 0)
        {
            leaves.Add(trees.Leaves[-1 - child]);
            return;
        }

        int before = leaves.Count - firstLeaf;
        Add(trees, trees.Left[child], firstLeaf, nodes, leaves);
        int middle = leaves.Count - firstLeaf;
        Add(trees, trees.Right[child], firstLeaf, nodes, leaves);
        if (middle <= MostLeaves) nodes.Add(new Node(trees.Features[child], trees.Thresholds[child], ~(uint)((1UL << middle) - (1UL << before))));
    }

    private readonly record struct Node(int Feature, float Threshold, uint Mask);
}
