namespace VirtOpt.Simulation;

/// <summary>
/// Watches one host from event to event: how long it was active, how long of that its VMs got less than they asked for, and how often it went to sleep
/// and was woken. What is recorded twice at one instant counts once, the last time.
/// </summary>
internal sealed class HostSlaMeter
{
    private State? open;
    private bool wasActive = true;

    /// <summary>Seconds in which it had load.</summary>
    public double ActiveSeconds { get; private set; }

    /// <summary>Seconds of those in which it delivered less than its VMs asked for.</summary>
    public double ShortSeconds { get; private set; }

    /// <summary>How often it went from load to none. A host counts as on before the first record, so one that gets no load at all counts once.</summary>
    public int Shutdowns { get; private set; }

    /// <summary>How often it went from none to load.</summary>
    public int Boots { get; private set; }

    /// <summary>Records the state from an instant on.</summary>
    /// <param name="time">Seconds since the start, not before the last record.</param>
    /// <param name="served">MIPS delivered.</param>
    /// <param name="asked">MIPS asked for.</param>
    public void Record(double time, double served, double asked)
    {
        if (open is { } last && last.Time != time) Count(last, time);
        open = new State(time, served, asked);
    }

    /// <summary>Ends the watch at the last record.</summary>
    public void Close()
    {
        if (open is { } last) Count(last, last.Time);
        open = null;
    }

    private void Count(State state, double until)
    {
        bool active = state.Served > 0;
        if (wasActive && !active) Shutdowns++;
        if (!wasActive && active) Boots++;
        wasActive = active;
        if (!active) return;
        ActiveSeconds += until - state.Time;
        if (state.Served < state.Asked) ShortSeconds += until - state.Time;
    }

    private readonly record struct State(double Time, double Served, double Asked);
}
