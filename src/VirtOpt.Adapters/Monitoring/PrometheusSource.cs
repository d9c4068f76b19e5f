namespace VirtOpt;

/// <summary>A Prometheus server and what to ask it: the content of a source file.</summary>
public sealed record PrometheusSource
{
    /// <summary>Its address, such as https://prometheus.example.net; http only for this machine if a token is sent.</summary>
    public required Uri Url { get; init; }

    /// <summary>Label that holds the name of the VM. Default <c>domain</c>.</summary>
    public string Label { get; init; } = "domain";

    /// <summary>Time between two points, in whole seconds, at least 1. Default 300.</summary>
    public int StepSeconds { get; init; } = 300;

    /// <summary>File with the certificates (PEM) that the server's must come from; empty for those of the system.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>An expression of Prometheus for each metric, in the metric's unit.</summary>
    public required IReadOnlyDictionary<UsageMetric, string> Queries { get; init; }

    /// <summary>Reads a source file: YAML with <c>url</c>, <c>queries</c>, and <c>label</c>, <c>step</c>, <c>caFile</c> where the defaults do not
    /// serve.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read or makes no sense.</exception>
    public static PrometheusSource Read(string path)
    {
        Draft draft = new();
        using JsonCursor cursor = new(path, YamlText.ToJson(YamlText.Read(path)));
        cursor.Next();
        cursor.Object(Draft.Fields, draft);
        cursor.End();
        return new PrometheusSource
        {
            Url = draft.Url!,
            Label = draft.Label,
            StepSeconds = draft.Step,
            CaFile = draft.CaFile,
            Queries = draft.Queries.Count > 0 ? draft.Queries
                : throw InvalidInputException.Because($"{path}: the source has no query.", "the expression for cpu was left out."),
        };
    }

    private sealed class Draft
    {
        public static JsonFields<Draft> Fields { get; } = new("Prometheus source")
        {
            { "url", (c, d) => d.Url = Address(c), true },
            { "label", (c, d) => d.Label = c.Name() },
            { "step", (c, d) => d.Step = (int)c.Whole(1, 86_400) },
            { "caFile", (c, d) => d.CaFile = c.Name() },
            { "queries", (c, d) => c.Map("expressions by metric", name => d.Queries[c.Located(() => UsageMetrics.Named(name))] = c.Name()), true },
        };

        public Uri? Url { get; private set; }

        public string Label { get; private set; } = "domain";

        public int Step { get; private set; } = 300;

        public string CaFile { get; private set; } = "";

        public Dictionary<UsageMetric, string> Queries { get; } = [];

        private static Uri Address(JsonCursor cursor)
        {
            string text = cursor.Name();
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https")) throw cursor.Expected(
                "an address such as https://host:9090");
            return url.UserInfo.Length == 0 ? url
                : throw cursor.Error($"the address of ({url.Host}) holds a name or password", "a token serves: see --token-env and --token-fd.");
        }
    }
}
