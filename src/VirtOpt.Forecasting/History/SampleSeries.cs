namespace VirtOpt.Forecasting;

/// <summary>Samples of one VM and dimension as they were found, before cleaning: any order, any distance.</summary>
/// <param name="Where">File and part of it, for messages.</param>
/// <param name="Vm">Name of the VM.</param>
/// <param name="Dimension">What was measured, with its unit.</param>
/// <param name="Seconds">Time of each sample in seconds since 1970 (UTC), in the order of the file.</param>
/// <param name="Values">The amounts; <see cref="double.NaN"/> where the file has none.</param>
public sealed record SampleSeries(string Where, string Vm, Dimension Dimension, IReadOnlyList<double> Seconds, IReadOnlyList<double> Values)
{
    /// <summary>The most that the VM can use, if known; samples far above it are mistakes.</summary>
    public double? Capacity { get; init; }

    /// <summary>Share above the capacity that a sample may reach: processors run faster than their nominal speed.</summary>
    public double Tolerance { get; init; } = 1.25;

    /// <summary>Times at which the size of the VM changed.</summary>
    public int Resizes { get; init; }
}
