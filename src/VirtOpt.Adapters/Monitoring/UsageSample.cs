namespace VirtOpt;

/// <summary>What is measured of hosts and VMs.</summary>
public enum UsageMetric
{
    /// <summary>CPU in use, in millicore.</summary>
    Cpu,

    /// <summary>CPU for which virtual CPUs wait though they could run (steal), in millicore.</summary>
    Wait,

    /// <summary>Virtual CPUs of a VM, logical CPUs of a host.</summary>
    Vcpus,

    /// <summary>The most memory that a VM may have, the installed memory of a host, in MiB.</summary>
    Memory,

    /// <summary>Memory that the balloon leaves a VM, in MiB.</summary>
    Balloon,

    /// <summary>Memory that a guest says it uses, or that is not free on a host, in MiB.</summary>
    Used,

    /// <summary>Read from disks, in KiB/s.</summary>
    DiskRead,

    /// <summary>Written to disks, in KiB/s.</summary>
    DiskWrite,

    /// <summary>Received from the network, in kbit/s.</summary>
    NetworkIn,

    /// <summary>Sent to the network, in kbit/s.</summary>
    NetworkOut,

    /// <summary>1 while a job such as a migration works on a VM, else 0; as a mean, the share of time.</summary>
    Job,
}

/// <summary>Metrics as words.</summary>
public static class UsageMetrics
{
    private static readonly string[] Units =
        ["millicore", "millicore", "count", "MiB", "MiB", "MiB", "KiB/s", "KiB/s", "kbit/s", "kbit/s", "count"];

    /// <summary>All metrics.</summary>
    public static IReadOnlyList<UsageMetric> All { get; } = Enum.GetValues<UsageMetric>();

    /// <summary>Name in files: the word with a small first letter.</summary>
    public static string Word(this UsageMetric metric) => char.ToLowerInvariant(metric.ToString()[0]) + metric.ToString()[1..];

    /// <summary>Unit.</summary>
    public static string Unit(this UsageMetric metric) => Units[(int)metric];

    /// <summary>The metric with a name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static UsageMetric Named(string word)
    {
        foreach (UsageMetric metric in All)
            if (metric.Word() == word) return metric;
        throw InvalidInputException.Because(
            $"There is no metric ({word}); expected one of {string.Join(", ", All.Select(m => $"({m.Word()})"))}.", "it was mistyped.");
    }
}

/// <summary>What a host, or a VM on it, used at a time. A metric that was not measured is null.</summary>
/// <param name="Host">The host.</param>
/// <param name="Vm">The VM; empty for the host itself.</param>
/// <param name="At">When it was read; kept to the second.</param>
public sealed record UsageSample(string Host, string Vm, DateTimeOffset At)
{
    private readonly long?[] values = new long?[UsageMetrics.All.Count];

    /// <summary>True for the host itself.</summary>
    public bool IsOfHost => Vm.Length == 0;

    /// <summary>The amount of a metric, in its unit, at least 0; null if it was not measured.</summary>
    public long? this[UsageMetric metric]
    {
        get => values[(int)metric];
        set => values[(int)metric] = value;
    }
}

/// <summary>Reads one host and the VMs on it, again and again. A call may block; one thread at a time calls it.</summary>
public interface IUsageSampler : IDisposable
{
    /// <summary>Name of the host.</summary>
    string Host { get; }

    /// <summary>
    /// Reads the host and its VMs. Rates are those since the reading before; null where there is none, such as for a VM that has just come.
    /// </summary>
    /// <exception cref="HostAwayException">The host does not answer.</exception>
    IReadOnlyList<UsageSample> Sample();
}

/// <summary>A host does not answer now; it may later.</summary>
public sealed class HostAwayException : Exception
{
    /// <summary>Creates it.</summary>
    public HostAwayException() : this("The host does not answer.") { }

    /// <summary>Creates it.</summary>
    /// <param name="message">What the daemon or the link says.</param>
    public HostAwayException(string message) : base(message) { }

    /// <summary>Creates it.</summary>
    /// <param name="message">What the daemon or the link says.</param>
    /// <param name="innerException">What lies below.</param>
    public HostAwayException(string message, Exception innerException) : base(message, innerException) { }
}
