namespace VirtOpt.Core.Tests;

/// <summary>How sums and rooms become amounts.</summary>
public sealed class TermsTests
{
    private static readonly LoadFamily Family = new PlacementProblem(Small.Cluster(2, 0)).Compile().Families[0];

    [Theory]
    [InlineData(Outer.Sum, 12, 12)]
    [InlineData(Outer.ExcessAbove, 12, 2)]
    [InlineData(Outer.ExcessAbove, 9, 0)]
    [InlineData(Outer.ShortfallBelow, 9, 1)]
    [InlineData(Outer.ShortfallBelow, 12, 0)]
    public void ASumIsComparedWithItsLimit(Outer outer, long sum, long amount) => Assert.Equal(amount, new SumTerm("x", Family, [], outer, 10).Amount(sum));

    [Fact]
    public void TheOffsetIsAddedBeforeTheLimitIsLookedAt()
    {
        Assert.Equal(8, new SumTerm("x", Family, [], Offset: -4).Amount(12));
        Assert.Equal(1, new SumTerm("x", Family, [], Outer.ExcessAbove, 10, Offset: 4).Amount(7));
        Assert.Equal(3, new SumTerm("x", Family, [], Outer.ShortfallBelow, 10, Offset: -4).Amount(11));
    }

    [Fact]
    public void CopiesAreWholeAndNeverNegative()
    {
        FitTerm term = new("x", [new(Family, [10, 10], 4), new(Family, [30, 30], 20)], 0);
        Assert.Equal(1, term.Copies(0, (_, _) => 0));
        Assert.Equal(1, term.Copies(0, (_, _) => 6));
        Assert.Equal(0, term.Copies(0, (_, _) => 7));
        Assert.Equal(0, term.Copies(1, (_, _) => 99));
    }
}
