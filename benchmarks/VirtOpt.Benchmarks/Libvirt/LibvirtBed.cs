using System.Diagnostics;
using System.Globalization;

namespace VirtOpt.Benchmarks.Libvirt;

/// <summary>The libvirt lab of tests/labs/libvirt with three hosts and small guests, for figures; taken down at the end.</summary>
internal sealed class LibvirtBed : IDisposable
{
    private const string Folder = "/var/tmp/virtopt-bench-lab";
    private readonly string script = Path.GetFullPath(Path.Combine("tests", "labs", "libvirt", "libvirt-lab"));

    /// <summary>
    /// Brings it up with one guest that runs, and others that are started and stand still: emulated ones that all run would measure themselves. To libvirt
    /// they are the same, each a process with its monitor.
    /// </summary>
    /// <param name="guests">How many in all.</param>
    public LibvirtBed(int guests)
    {
        if (!File.Exists(script)) throw new InvalidInputException($"There is no {script}.\nMaybe the benchmark does not run in the repository's root.");
        Do("down");
        Do("up", "3");
        Do("guests", "1");
        WaitUntilItLives();
        Environment.SetEnvironmentVariable("GUEST_PAUSED", "1");
        for (int h = 0; h < Hosts.Count; h++) Do("guests", Share(guests - 1, h), Hosts[h]);
    }

    /// <summary>Names of the hosts.</summary>
    public IReadOnlyList<string> Hosts { get; } = ["h1", "h2", "h3"];

    /// <summary>The hosts.</summary>
    public HostInventory Inventory => new()
    {
        Name = "lab",
        Hosts =
        [
            .. Hosts.Select((h, i) => new InventoryHost(h, Uri(h)) { PeerUri = PeerUri(h), MigrationUri = $"tcp://10.77.0.{i + 1}" }),
        ],
    };

    /// <summary>How a host is reached from here.</summary>
    public static string Uri(string host) => $"qemu+unix:///system?socket={Folder}/{host}/run/libvirt-sock";

    /// <summary>How the other hosts reach a host.</summary>
    public static string PeerUri(string host) => $"qemu+tcp://10.77.0.{host[1..]}/system";

    /// <summary>Runs a program to its end; wall time in seconds.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public static double Run(string program, params string[] words)
    {
        string log = Path.GetTempFileName();
        // The lab's daemons would keep a pipe open for ever; a file does not mind.
        ProcessStartInfo start = new("bash", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, program, .. words]);
        start.Environment["LIBVIRT_LAB_DIR"] = Folder;
        start.Environment["LIBVIRT_LAB_CAPS"] = "8:16384 8:16384 8:16384";
        (start.Environment["GUEST_MEM"], start.Environment["GUEST_WS"]) = ("96", "4");
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        string output = File.ReadAllText(log);
        File.Delete(log);
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException($"{program} {string.Join(' ', words)}: {output}");
    }

    public void Dispose() => Do("down");

    private void Do(params string[] words) => Run(script, words);

    /// <summary>The guest that runs, on h1 at first.</summary>
    public const string Runner = "vm01";

    private string Share(int guests, int host) => ((guests / Hosts.Count) + (host < guests % Hosts.Count ? 1 : 0)).ToString(CultureInfo.InvariantCulture);

    private static void WaitUntilItLives()
    {
        string console = $"{Folder}/shared/console/{Runner}.log";
        using ManualResetEventSlim never = new();
        for (int i = 0; i < 3000; i++)
        {
            if (File.Exists(console) && File.ReadLines(console).Any(l => l.StartsWith("HB ", StringComparison.Ordinal))) return;
            never.Wait(200);
        }

        throw new InvalidOperationException($"{Runner} does not boot");
    }
}
