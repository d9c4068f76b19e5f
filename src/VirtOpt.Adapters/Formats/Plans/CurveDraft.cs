namespace VirtOpt;

/// <summary>The curve of a plan while it is read.</summary>
internal sealed class CurveDraft
{
    private static readonly JsonFields<StopDraft> StopFields = new("stop of the curve")
    {
        { "moves", (c, s) => s.Moves = (int)c.Whole(0, PlanLimits.Most), true },
        { "moved", (c, s) => s.MovedMiB = c.Number(), true },
        { "seconds", (c, s) => s.Seconds = c.Whole(0, PlanLimits.Most), true },
        { "gain", (c, s) => s.Gain = c.Number() },
        { "wave", (c, s) => s.Wave = (int)c.Whole(0, PlanLimits.Most) },
        { "levels", (c, s) => s.Levels = c.List("levels", () => Level(c)) },
    };

    private static readonly JsonFields<long[]> LevelFields = new("level of a stop")
    {
        { "level", (c, l) => l[0] = c.Whole(0, int.MaxValue), true },
        { "value", (c, l) => l[1] = c.Whole(long.MinValue, long.MaxValue), true },
    };

    private readonly List<PlanStop> stops = [];
    private int? gainLevel;

    /// <summary>The fields of a curve.</summary>
    public static JsonFields<CurveDraft> Fields { get; } = new("curve")
    {
        { "gainLevel", (c, d) => d.gainLevel = (int)c.Whole(0, int.MaxValue) },
        { "stops", (c, d) => c.Array("stops", () => d.ReadStop(c)), true },
    };

    public PlanCurve ToCurve() => new(gainLevel, stops);

    /// <summary>Writes a curve.</summary>
    public static void Write(JsonOutput json, PlanCurve curve)
    {
        if (curve.GainLevel is { } level) json.Field("gainLevel", level);
        json.Section("stops", curve.Stops, stop =>
        {
            json.Field("moves", stop.Moves);
            json.Field("moved", stop.MovedMiB);
            json.Field("seconds", stop.Seconds);
            if (stop.Gain is { } gain) json.Field("gain", gain);
            if (stop.Wave is { } wave) json.Field("wave", wave);
            json.Array("levels", stop.Levels, value => json.Object(() =>
            {
                json.Field("level", value.Level);
                json.Field("value", value.Value);
            }));
        });
    }

    private void ReadStop(JsonCursor cursor)
    {
        StopDraft draft = new();
        cursor.Object(StopFields, draft);
        stops.Add(new PlanStop
        {
            Moves = draft.Moves,
            MovedMiB = draft.MovedMiB,
            Seconds = draft.Seconds,
            Gain = draft.Gain,
            Wave = draft.Wave,
            Levels = draft.Levels,
        });
    }

    private static LevelValue Level(JsonCursor cursor)
    {
        long[] read = new long[2];
        cursor.Object(LevelFields, read);
        return new LevelValue((int)read[0], read[1]);
    }

    private sealed class StopDraft
    {
        public int Moves { get; set; }

        public double MovedMiB { get; set; }

        public long Seconds { get; set; }

        public double? Gain { get; set; }

        public int? Wave { get; set; }

        public IReadOnlyList<LevelValue> Levels { get; set; } = [];
    }
}
