using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VirtOpt.Solver.HostSets.Kernels;

/// <summary>
/// The layout of a knapsack table of up to four dimensions: the last one runs along a row in lanes of eight, the others count rows. A row has room
/// for a block that starts anywhere in it.
/// </summary>
/// <param name="Extent0">Capacity of the outermost dimension, plus 1.</param>
/// <param name="Extent1">Capacity of the next, plus 1.</param>
/// <param name="Extent2">Capacity of the next, plus 1.</param>
/// <param name="LaneCapacity">Capacity of the dimension along the row.</param>
internal readonly record struct TableShape(int Extent0, int Extent1, int Extent2, int LaneCapacity)
{
    public int Stride => (LaneCapacity + KnapsackKernel.Lanes + KnapsackKernel.Lanes - 1) / KnapsackKernel.Lanes * KnapsackKernel.Lanes;

    public long Rows => (long)Extent0 * Extent1 * Extent2;

    public long Cells => Rows * Stride;

    public int Row(int at0, int at1, int at2) => (((at0 * Extent1) + at1) * Extent2) + at2;
}

/// <summary>An item of the knapsack: what it takes in each dimension of the table, and what it is worth.</summary>
internal readonly record struct TableItem(int Weight0, int Weight1, int Weight2, int LaneWeight, int Value);

/// <summary>
/// The inner loop of the knapsack: the only code here that is written for speed and not for reading. Each item costs one pass over the table,
/// from the full end down, eight cells at a time; one bit per cell tells whether the item was taken there.
/// </summary>
internal static class KnapsackKernel
{
    /// <summary>Cells per vector.</summary>
    public const int Lanes = 8;

    /// <summary>Offers an item to every cell of the table.</summary>
    public static void Offer(Span<int> values, Span<byte> taken, in TableShape shape, in TableItem item)
    {
        int shift = shape.Row(item.Weight0, item.Weight1, item.Weight2);
        for (int at0 = shape.Extent0 - 1; at0 >= item.Weight0; at0--)
            for (int at1 = shape.Extent1 - 1; at1 >= item.Weight1; at1--)
            {
                int first = shape.Row(at0, at1, item.Weight2);
                for (int row = shape.Row(at0, at1, shape.Extent2 - 1); row >= first; row--) OfferToRow(values, taken, shape, item, row, row - shift);
            }
    }

    /// <summary>True if the item was taken in a cell that can hold it.</summary>
    public static bool IsTaken(ReadOnlySpan<byte> taken, in TableShape shape, in TableItem item, int row, int lane)
    {
        int bit = lane - item.LaneWeight;
        return (taken[(row * (shape.Stride / Lanes)) + (bit / Lanes)] >> (bit % Lanes) & 1) != 0;
    }

    /// <summary>Blocks run downwards, because an item that only takes lanes reads the row that it writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfferToRow(Span<int> values, Span<byte> taken, in TableShape shape, in TableItem item, int row, int from)
    {
        unchecked
        {
            ref int target = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (nint)row * shape.Stride + item.LaneWeight);
            ref int source = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (nint)from * shape.Stride);
            ref byte bits = ref Unsafe.Add(ref MemoryMarshal.GetReference(taken), (nint)row * (shape.Stride / Lanes));
            Vector256<int> value = Vector256.Create(item.Value);
            for (int block = (shape.LaneCapacity - item.LaneWeight) / Lanes; block >= 0; block--)
            {
                Vector256<int> without = Vector256.LoadUnsafe(ref target, (nuint)(block * Lanes));
                Vector256<int> with = Vector256.LoadUnsafe(ref source, (nuint)(block * Lanes)) + value;
                Unsafe.Add(ref bits, block) = (byte)Vector256.GreaterThan(with, without).ExtractMostSignificantBits();
                Vector256.Max(with, without).StoreUnsafe(ref target, (nuint)(block * Lanes));
            }
        }
    }
}
