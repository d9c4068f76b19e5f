namespace VirtOpt.Cli.Benchmarking;

/// <summary>What a suite says for all its cases, and what a case may say for itself.</summary>
internal class RunsDraft
{
    private const int MostSeconds = 10_000_000;
    private const int MostThreads = 1024;

    public List<long>? Seeds { get; private set; }

    public List<long>? TimeLimits { get; private set; }

    public long? Threads { get; private set; }

    public string? Format { get; private set; }

    public string? Figure { get; private set; }

    public string? Setting { get; private set; }

    /// <summary>Adds the fields that both share.</summary>
    protected static JsonFields<T> WithShared<T>(JsonFields<T> fields)
        where T : RunsDraft
    {
        fields.Add("seeds", (c, d) => d.Seeds = Distinct(c, "seeds", 0, int.MaxValue));
        fields.Add("timeLimits", (c, d) => d.TimeLimits = Distinct(c, "seconds", 1, MostSeconds));
        fields.Add("threads", (c, d) => d.Threads = c.Whole(1, MostThreads));
        fields.Add("format", (c, d) => d.Format = c.Named(FormatCatalogue.Named).Name);
        fields.Add("figure", (c, d) => d.Figure = c.Name());
        fields.Add("setting", (c, d) => d.Setting = c.Name());
        return fields;
    }

    private static List<long> Distinct(JsonCursor cursor, string what, long least, long most)
    {
        List<long> values = cursor.List(what, () => cursor.Whole(least, most));
        if (values.Count == 0) throw cursor.Error("expected at least one number; found an empty array", "the field should be left out.");
        long[] twice = [.. values.GroupBy(v => v).Where(g => g.Count() > 1).Select(g => g.Key)];
        return twice.Length == 0 ? values : throw cursor.Error($"({twice[0]}) is there twice", "one of them was meant to be another.");
    }
}

/// <summary>A suite being read.</summary>
internal sealed class SuiteDraft : RunsDraft
{
    public static readonly JsonFields<SuiteDraft> Fields = WithShared(new JsonFields<SuiteDraft>("suite")
    {
        { "name", (c, s) => s.Name = FileName(c), true },
        { "about", (c, s) => s.About = c.Text() },
        { "sources", (c, s) => c.Map("sources by peer", peer => s.Sources[peer] = c.Text()) },
        { "cases", (c, s) => c.Array("cases", () => s.Cases.Add(CaseDraft.Read(c))), true },
    });

    public string Name { get; private set; } = "";

    public string About { get; private set; } = "";

    public Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

    public List<CaseDraft> Cases { get; } = [];

    private static string FileName(JsonCursor cursor) =>
        cursor.Name() is { } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw cursor.Expected("a name of letters, digits, - and _, because files begin with it");
}

/// <summary>A case being read.</summary>
internal sealed class CaseDraft : RunsDraft
{
    private static readonly JsonFields<CaseDraft> Fields = WithShared(new JsonFields<CaseDraft>("case")
    {
        { "instance", (c, d) => d.instance = c.Name(), true },
        { "input", (c, d) => d.input = c.List("files", c.Name) },
        { "generate", (c, d) => d.generate = GenerateDraft.Read(c) },
        { "policy", (c, d) => d.policy = c.Name() },
        { "objective", (c, d) => d.objective = Objective(c) },
        { "migrationLimit", (c, d) => d.migrationLimit = c.Whole(0, int.MaxValue) },
        { "peer", (c, d) => d.peer = PeerDraft.Read(c) },
    });

    private string instance = "";
    private List<string> input = [];
    private GeneratorOptions? generate;
    private string? policy;
    private string? objective;
    private long? migrationLimit;
    private Peer? peer;

    public static CaseDraft Read(JsonCursor cursor)
    {
        CaseDraft draft = new();
        cursor.Object(Fields, draft);
        if (draft.input.Count > 0 == draft.generate is not null)
            throw cursor.Error($"the case ({draft.instance}) needs either (input) or (generate)", "one of them was left out, or both were written.");
        return draft;
    }

    /// <summary>The case, with what it does not say taken from the suite.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="file">Its file, for messages and for the folder of policies.</param>
    public SuiteCase ToCase(SuiteDraft suite, string file) => new()
    {
        Instance = instance,
        Setting = SettingName(suite),
        Input = input,
        Generate = generate,
        Format = Format ?? suite.Format,
        Overrides = new PolicyOverrides
        {
            PolicyFile = policy is null ? null : Path.Combine(Path.GetDirectoryName(file) ?? "", policy),
            Objective = objective,
            MigrationLimit = migrationLimit,
        },
        Seeds = Seeds ?? suite.Seeds ?? [1],
        TimeLimits = TimeLimits ?? suite.TimeLimits ?? throw InvalidInputException.Because(
            $"{file}: the case ({instance}, {SettingName(suite)}) has no time limit, and neither has the suite.",
            "the field (timeLimits) was left out, in seconds."),
        Threads = Threads ?? suite.Threads,
        Figure = Figure ?? suite.Figure,
        Peer = peer,
    };

    private string SettingName(SuiteDraft suite) => Setting ?? suite.Setting ?? string.Join(", ", ((string?[])
    [
        objective,
        migrationLimit is { } limit ? $"at most {limit} migrations" : null,
        policy is null ? null : $"policy {Path.GetFileNameWithoutExtension(policy)}",
    ]).Where(part => part is not null).DefaultIfEmpty("as given"));

    private static string Objective(JsonCursor cursor) => PolicyPresets.Names.Contains(cursor.Text())
        ? cursor.Text()
        : throw cursor.Expected($"one of {string.Join(", ", PolicyPresets.Names.Select(n => $"\"{n}\""))}");
}
