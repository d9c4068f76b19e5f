namespace VirtOpt.Core.Tests;

/// <summary>Amounts per dimension.</summary>
public sealed class ResourceVectorTests
{
    [Fact]
    public void VectorsAreEqualByTheirAmounts()
    {
        ResourceVector vector = [1, 2];
        Assert.Equal(ResourceVector.Create([1, 2]), vector);
        Assert.Equal(ResourceVector.Create([1, 2]).GetHashCode(), vector.GetHashCode());
        Assert.NotEqual(ResourceVector.Create([2, 1]), vector);
        Assert.NotEqual(ResourceVector.Create([1, 2, 0]), vector);
        Assert.False(vector.Equals(null));
    }

    [Fact]
    public void VectorsAreMadeOfOneAmountToo()
    {
        Assert.Equal([3, 3], ResourceVector.Uniform(2, 3));
        Assert.Equal([0, 0], ResourceVector.Zero(2));
        Assert.True(ResourceVector.Zero(2).IsZero);
        Assert.False(ResourceVector.Create([0, 1]).IsZero);
        Assert.Equal("[1, 2]", ResourceVector.Create([1, 2]).ToString());
    }

    [Fact]
    public void AVectorDoesNotChangeWithItsSource()
    {
        long[] source = [1, 2];
        ResourceVector vector = ResourceVector.Create(source);
        source[0] = 9;
        Assert.Equal(1, vector[0]);
    }
}
