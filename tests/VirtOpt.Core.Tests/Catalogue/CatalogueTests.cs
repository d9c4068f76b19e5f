namespace VirtOpt.Core.Tests;

/// <summary>What users can name.</summary>
public sealed class CatalogueTests
{
    private static readonly ClusterSnapshot Cluster = Small.Cluster(4, 0, 1, 2, 3);

    [Fact]
    public void EveryParameterIsDescribed()
    {
        Assert.All(ConstraintCatalogue.Entries.SelectMany(e => e.Parameters), p => Assert.NotEmpty(p.Summary));
        Assert.All(ObjectiveCatalogue.Entries.SelectMany(e => e.Parameters), p => Assert.NotEmpty(p.Summary));
        Assert.All(ConstraintCatalogue.Entries, e => Assert.EndsWith(".", e.Summary, StringComparison.Ordinal));
        Assert.All(ObjectiveCatalogue.Entries, e => Assert.EndsWith(".", e.Summary, StringComparison.Ordinal));
    }

    [Fact]
    public void NamesAndParametersAreInTheirOwnCase()
    {
        string[] names = [.. ConstraintCatalogue.Entries.Select(e => e.Name), .. ObjectiveCatalogue.Entries.Select(e => e.Name)];
        Assert.All(names, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
        Assert.Equal(["group", "scope", "max"], ConstraintCatalogue.Named("anti-affinity")!.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void ParametersKnowTheirDefaults()
    {
        IReadOnlyList<CatalogueParameter> parameters = ConstraintCatalogue.Named("anti-affinity")!.Parameters;
        Assert.Equal([true, false, false], parameters.Select(p => p.IsRequired));
        Assert.Equal([null, "host", 1], parameters.Select(p => p.Default));
    }

    [Fact]
    public void ConstraintsSurviveTheRoundTripThroughTheirValues()
    {
        foreach (CatalogueEntry<Constraint> entry in ConstraintCatalogue.Entries)
            for (int seed = 0; seed < 5; seed++)
            {
                Constraint rule = entry.Example(Cluster, new Random(seed));
                Assert.Equal(rule, entry.Create(entry.ValuesOf(rule)));
                Assert.Same(entry, ConstraintCatalogue.Of(rule));
                Assert.Same(entry, ConstraintCatalogue.Named(entry.Name));
            }
    }

    [Fact]
    public void ObjectivesSurviveTheRoundTripThroughTheirValues()
    {
        foreach (CatalogueEntry<Objective> entry in ObjectiveCatalogue.Entries)
            for (int seed = 0; seed < 5; seed++)
            {
                Objective objective = entry.Example(Cluster, new Random(seed));
                Assert.Equal(objective, entry.Create(entry.ValuesOf(objective)));
                Assert.Same(entry, ObjectiveCatalogue.Of(objective));
                Assert.Same(entry, ObjectiveCatalogue.Named(entry.Name));
            }
    }

    [Fact]
    public void UnknownNamesAreNull()
    {
        Assert.Null(ConstraintCatalogue.Named("Capacity"));
        Assert.Null(ObjectiveCatalogue.Named("beauty"));
    }

    [Fact]
    public void ExamplesAreTheSameForTheSameSeed()
    {
        CatalogueEntry<Constraint> entry = ConstraintCatalogue.Named("hot-add-reserve")!;
        Assert.Equal(entry.Example(Cluster, new Random(3)), entry.Example(Cluster, new Random(3)));
    }
}
