namespace VirtOpt.Core.Tests;

/// <summary>Functions of one load.</summary>
public sealed class CellFunctionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2 + 5)]
    [InlineData(4, 8 + 5)]
    [InlineData(6, 12 + (2 * 3) + 5)]
    [InlineData(9, 18 + (5 * 3) - (1 * 4) + 5)]
    public void ValueIsSlopeAndHingesAndJump(long load, long value) => Assert.Equal(value, new CellFunction(2, [new(4, 3), new(8, -4)], 5).At(load));

    [Fact]
    public void TheCommonOnesSayWhatTheyAreCalled()
    {
        Assert.Equal([0L, 1, 1], new long[] { 0, 1, 9 }.Select(CellFunction.Used.At));
        Assert.Equal([0L, 1, 9], new long[] { 0, 1, 9 }.Select(CellFunction.Identity.At));
        Assert.Equal([0L, 0, 0], new long[] { 0, 1, 9 }.Select(CellFunction.Zero.At));
        Assert.Equal([0L, 0, 12], new long[] { 0, 5, 9 }.Select(CellFunction.ExcessAbove(5, 3).At));
        Assert.Equal([0L, -6, 0, 6], new long[] { 0, 3, 6, 9 }.Select(CellFunction.DistanceFrom(3, 2).At));
    }

    [Fact]
    public void AFunctionIsNonDecreasingIfNoSlopeAndNoJumpFalls()
    {
        Assert.True(CellFunction.Used.IsNonDecreasing);
        Assert.True(CellFunction.ExcessAbove(5).IsNonDecreasing);
        Assert.True(new CellFunction(3, [new(1, -3)], 0).IsNonDecreasing);
        Assert.False(new CellFunction(3, [new(1, -4), new(2, 9)], 0).IsNonDecreasing);
        Assert.False(CellFunction.DistanceFrom(3, 1).IsNonDecreasing);
        Assert.False(new CellFunction(1, [], -1).IsNonDecreasing);
    }
}
