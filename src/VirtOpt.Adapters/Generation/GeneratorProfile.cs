namespace VirtOpt;

/// <summary>A kind of synthetic cluster.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Summary">What is special about it, in one sentence.</param>
public sealed record GeneratorProfile(string Name, string Summary)
{
    /// <summary>The profiles, in the order of the documentation.</summary>
    public static IReadOnlyList<GeneratorProfile> Entries { get; } = [new("mixed", "to be written")];
}
