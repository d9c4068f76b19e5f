namespace VirtOpt.Simulation;

/// <summary>Watches one VM from event to event: what it asked for, and what of that it did not get because it was migrating.</summary>
internal sealed class VmSlaMeter
{
    private State? open;

    /// <summary>MIPS asked for, times seconds.</summary>
    public double Asked { get; private set; }

    /// <summary>MIPS not delivered while it migrated, times seconds.</summary>
    public double LostByMigration { get; private set; }

    /// <summary>MIPS not delivered for whatever reason, times seconds.</summary>
    public double Lost { get; private set; }

    /// <summary>Records the state from an instant on; what is recorded twice at one instant counts once, the last time.</summary>
    /// <param name="time">Seconds since the start, not before the last record.</param>
    /// <param name="served">MIPS delivered.</param>
    /// <param name="asked">MIPS asked for.</param>
    /// <param name="isMigrating">True if it is leaving its host.</param>
    public void Record(double time, double served, double asked, bool isMigrating)
    {
        if (open is { } last && last.Time != time)
        {
            double seconds = time - last.Time;
            Asked += last.Asked * seconds;
            Lost += Math.Max(0, last.Asked - last.Served) * seconds;
            if (last.IsMigrating && last.Served < last.Asked) LostByMigration += (last.Asked - last.Served) * seconds;
        }

        open = new State(time, served, asked, isMigrating);
    }

    private readonly record struct State(double Time, double Served, double Asked, bool IsMigrating);
}
