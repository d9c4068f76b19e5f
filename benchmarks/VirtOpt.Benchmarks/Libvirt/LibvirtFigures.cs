using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Libvirt;

/// <summary>
/// Figures on real libvirt hosts: how long a snapshot of three hosts takes, and what the executor adds to a live migration that <c>virsh migrate</c> does
/// alone. The same guest goes back and forth; in each round both ways of moving it have both directions, and the one that begins changes.
/// </summary>
internal static class LibvirtFigures
{
    private const double SampleSeconds = 0.2;

    /// <summary>Measures and prints rows of CSV.</summary>
    /// <param name="guests">Guests on the three hosts.</param>
    /// <param name="rounds">Snapshots, and rounds of four migrations.</param>
    public static void Run(string guests, string rounds)
    {
        int number = int.Parse(guests, CultureInfo.InvariantCulture);
        int times = int.Parse(rounds, CultureInfo.InvariantCulture);
        using LibvirtBed bed = new(number);
        Console.WriteLine("figure,guests,runs,median,least,most,unit,load");
        using (LibvirtCollector collector = new(bed.Inventory))
        {
            _ = collector.Read(TimeSpan.FromSeconds(SampleSeconds), TimeProvider.System);
            Print("snapshot", number, times, _ => Seconds(() => collector.Read(TimeSpan.FromSeconds(SampleSeconds), TimeProvider.System)));
        }

        Print("snapshot with new connections", number, times, _ => Seconds(() =>
        {
            using LibvirtCollector collector = new(bed.Inventory);
            SnapshotBuilder.Build(bed.Inventory, collector.Read(TimeSpan.FromSeconds(SampleSeconds), TimeProvider.System)).Validate();
        }));
        Migrations(bed, number, times);
    }

    private static void Migrations(LibvirtBed bed, int guests, int rounds)
    {
        (List<double> plain, List<double> ours) = ([], []);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-figures-");
        try
        {
            Alone("h1", "h2");
            Executed(bed, folder, "h2", "h1", 0); // neither begins cold
            for (int round = 1; round <= rounds; round++)
            {
                bool[] isOurs = round % 2 == 0 ? [false, true, true, false] : [true, false, false, true];
                for (int k = 0; k < isOurs.Length; k++)
                {
                    (string from, string to) = k % 2 == 0 ? ("h1", "h2") : ("h2", "h1");
                    if (isOurs[k]) ours.Add(Executed(bed, folder, from, to, (4 * round) + k));
                    else plain.Add(Alone(from, to));
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Print("virsh migrate", guests, plain.Count, i => plain[i]);
        Print("executor", guests, ours.Count, i => ours[i]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"executor over virsh,{guests},{ours.Count},{Median(ours) / Median(plain):0.000},,,ratio of medians,{Load()}"));
    }

    private static double Alone(string from, string to) => LibvirtBed.Run(
        "virsh", "-q", "-c", LibvirtBed.Uri(from), "migrate", "--live", "--p2p", "--persistent", "--undefinesource", "--auto-converge", "--abort-on-error",
        LibvirtBed.Runner, LibvirtBed.PeerUri(to), "--migrateuri", $"tcp://10.77.0.{to[1..]}");

    /// <summary>The whole of it: new connections, a look at the hosts, obstacles, journal, migration, another look, audit log.</summary>
    private static double Executed(LibvirtBed bed, DirectoryInfo folder, string from, string to, int run) => Seconds(() =>
    {
        string file = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{run}.journal"));
        ExecutionPlan plan = new("lab", [new ExecutionStep(new HypervisorAction(1, ActionKind.Migrate, LibvirtBed.Runner, from, to), [], 5)], new PlanLimits());
        using LibvirtHypervisor hypervisor = new(bed.Inventory, TimeProvider.System);
        using Journal journal = Journal.Create(file, "figures", plan);
        AuditLog audit = new(Path.Combine(folder.FullName, "audit.jsonl"), "figures", "figures");
        ExecutionReport report = new PlanExecutor(hypervisor, new ExecutionOptions { Hosts = bed.Hosts }, audit).Execute("figures", plan, journal);
        if (!report.IsComplete) throw new InvalidOperationException(report.Steps[0].Message);
    });

    private static double Seconds(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static void Print(string figure, int guests, int runs, Func<int, double> measure)
    {
        double[] seconds = [.. Enumerable.Range(0, runs).Select(measure)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{figure},{guests},{runs},{Median(seconds):0.000},{seconds.Min():0.000},{seconds.Max():0.000},s,{Load()}"));
    }

    private static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Load average of the last minute: other work on the machine stretches wall times.</summary>
    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "";
}
