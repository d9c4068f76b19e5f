using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Search;

/// <summary>
/// Whether a program fits into memory, estimated before it is built from its coefficients: a class of like VMs has two variables per place, and each of
/// them a coefficient per load that it charges and one in the balance of its class.
/// </summary>
/// <param name="limit">Bytes that programs may take at once; null for most of what is free when it is asked.</param>
internal sealed class MemoryBudget(long? limit)
{
    private const double ShareOfMachine = 0.8;

    /// <summary>Measured on generated clusters of 50 to 200 hosts: rows and variables in our lists and on their way to the solver.</summary>
    private const long BytesToBuild = 60;

    /// <summary>Measured at the peak of CP-SAT with two threads: 250 bytes a thread after presolve and some seconds of search.</summary>
    private const long BytesPerWorker = 250;

    /// <summary>Bytes that are left.</summary>
    public long Left => limit ?? Free();

    /// <summary>Bytes of a program with a number of coefficients while a number of workers solve it.</summary>
    public static long Estimate(long coefficients, int workers) => coefficients * (BytesToBuild + (BytesPerWorker * Math.Max(1, workers)));

    /// <summary>Most coefficients of a linear program that is only relaxed, by one worker.</summary>
    public long MostCoefficients => Left / (BytesToBuild + BytesPerWorker);

    /// <summary>About how many coefficients the exact model has.</summary>
    /// <param name="classes">The classes of like VMs.</param>
    /// <param name="placesOf">How many places a class has.</param>
    public static long Coefficients(IEnumerable<VmClass> classes, Func<VmClass, long> placesOf) => classes.Sum(c => 2 * placesOf(c) * (1 + c.Charges.Count));

    /// <summary>What the machine or container has free beside a reserve. Its load is that of the last collection, or this process if that is more.</summary>
    private static long Free()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return Math.Max(0, (long)(ShareOfMachine * memory.TotalAvailableMemoryBytes) - Math.Max(memory.MemoryLoadBytes, Environment.WorkingSet));
    }
}
