namespace VirtOpt.Cli.Benchmarking;

/// <summary>
/// Looks at the memory of the process again and again and keeps the most that it saw. Memory that an earlier run has not given back counts as well, so suites
/// begin with their small problems.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private const double BytesPerMebibyte = 1 << 20;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.1);
    private readonly ITimer timer;
    private long most;

    /// <summary>Begins to look; gives back first what earlier work has left.</summary>
    /// <param name="clock">The clock.</param>
    public MemoryWatch(TimeProvider clock)
    {
        GC.Collect();
        timer = clock.CreateTimer(_ => Look(), null, TimeSpan.Zero, Period);
    }

    /// <summary>The most so far, in MiB of memory that the process holds.</summary>
    public double MostMebibytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref most) / BytesPerMebibyte;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Look()
    {
        long now = Environment.WorkingSet;
        for (long known = Interlocked.Read(ref most); now > known; known = Interlocked.Read(ref most))
            if (Interlocked.CompareExchange(ref most, now, known) == known) return;
    }
}
