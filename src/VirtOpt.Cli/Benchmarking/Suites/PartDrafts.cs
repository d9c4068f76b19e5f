namespace VirtOpt.Cli.Benchmarking;

/// <summary>Options of a generated cluster being read.</summary>
internal sealed class GenerateDraft
{
    private const int Most = 1_000_000;

    private static readonly JsonFields<GenerateDraft> Fields = new("generated cluster")
    {
        { "hosts", (c, g) => g.options = g.options with { Hosts = (int)c.Whole(1, Most) }, true },
        { "vms", (c, g) => g.options = g.options with { Vms = (int)c.Whole(0, Most) }, true },
        { "seed", (c, g) => g.options = g.options with { Seed = (int)c.Whole(0, int.MaxValue) } },
        { "profile", (c, g) => g.options = g.options with { Profile = c.Named(GeneratorProfile.Named).Name } },
    };

    private GeneratorOptions options = new(1, 0);

    public static GeneratorOptions Read(JsonCursor cursor)
    {
        GenerateDraft draft = new();
        cursor.Object(Fields, draft);
        return draft.options;
    }
}

/// <summary>A published result being read.</summary>
internal sealed class PeerDraft
{
    private static readonly JsonFields<PeerDraft> Fields = new("peer")
    {
        { "name", (c, p) => p.name = c.Name(), true },
        { "value", (c, p) => p.value = c.Number(), true },
        { "initial", (c, p) => p.initial = c.Number() is var number and > 0 ? number : throw c.Expected("a number above 0") },
    };

    private string name = "";
    private double value;
    private double? initial;

    public static Peer Read(JsonCursor cursor)
    {
        PeerDraft draft = new();
        cursor.Object(Fields, draft);
        return new Peer(draft.name, draft.value, draft.initial);
    }
}
