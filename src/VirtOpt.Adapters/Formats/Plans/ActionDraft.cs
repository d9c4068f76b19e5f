namespace VirtOpt;

/// <summary>An action of a plan while it is read.</summary>
internal sealed class ActionDraft(ClusterSnapshot cluster)
{
    public ClusterSnapshot Cluster => cluster;

    public int Id { get; set; }

    public ActionKind Kind { get; set; }

    public VmId? Vm { get; set; }

    public HostId? Host { get; set; }

    public EndDraft From { get; } = new();

    public EndDraft To { get; } = new();

    public long Start { get; set; }

    public long End { get; set; }

    public IReadOnlyList<int> After { get; set; } = [];

    public bool IsHop { get; set; }

    public int? Dimension { get; set; }

    public long? Amount { get; set; }

    public int Wave { get; set; }

    /// <summary>The action, if it has what its kind needs and nothing else.</summary>
    public PlannedAction ToAction(JsonCursor cursor)
    {
        if (End < Start) throw cursor.Error($"action ({Id}) ends at {End}, before its start at {Start}", "the two are swapped.");
        bool hasFrom = Kind.IsMove() || Kind is ActionKind.Shutdown or ActionKind.Suspend;
        bool hasTo = Kind.IsMove() || Kind is ActionKind.Boot or ActionKind.Resume;
        Needs(cursor, "vm", Vm is not null, Kind.IsOfVm());
        Needs(cursor, "host", Host is not null, Kind.IsOfHost());
        Needs(cursor, "from", From.Host is not null, hasFrom);
        Needs(cursor, "to", To.Host is not null, hasTo);
        Needs(cursor, "resource", Dimension is not null, Kind == ActionKind.Resize);
        Needs(cursor, "amount", Amount is not null, Kind == ActionKind.Resize);
        return new PlannedAction
        {
            Id = Id,
            Kind = Kind,
            Vm = Vm,
            Host = Host,
            From = From.ToPlace(),
            To = To.ToPlace(),
            Start = Start,
            End = End,
            After = [.. After.Order()],
            IsHop = IsHop,
            Dimension = Dimension,
            Amount = Amount ?? 0,
            Wave = Wave,
        };
    }

    private void Needs(JsonCursor cursor, string field, bool isThere, bool isNeeded)
    {
        if (isThere != isNeeded)
            throw cursor.Error(
                $"action ({Id}) of kind ({Kind.Word()}) {(isNeeded ? "needs" : "must not have")} the field ({field})", "another kind was meant.");
    }
}

/// <summary>Where an action begins or ends, while it is read.</summary>
internal sealed class EndDraft
{
    public HostId? Host { get; set; }

    public uint Numa { get; set; }

    public uint Gpu { get; set; }

    public Place? ToPlace() => Host is { } host ? new Place(host, Numa, Gpu) : null;
}
