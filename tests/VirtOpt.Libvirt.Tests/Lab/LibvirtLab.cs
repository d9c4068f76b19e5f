using System.Diagnostics;
using System.Globalization;
using VirtOpt.Libvirt.Tests.Lab;

[assembly: AssemblyFixture(typeof(LibvirtLab))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>
/// Three real hosts in namespaces of this machine (tests/labs/libvirt), brought up by the first test that needs them and taken down at the end.
/// A test that cannot have them is skipped with the reason; VIRTOPT_REQUIRE_LABS=1 makes that a failure.
/// </summary>
public sealed class LibvirtLab : IDisposable
{
    public static readonly string[] HostNames = ["h1", "h2", "h3"];
    private readonly string script = Path.Combine(FindRoot(), "tests", "labs", "libvirt", "libvirt-lab");
    private readonly Lazy<string?> obstacle;
    private bool isUp;

    public LibvirtLab() => obstacle = new(BringUp);

    /// <summary>Where the lab keeps its files.</summary>
    public string Folder { get; } = "/var/tmp/virtopt-test-lab";

    /// <summary>Ends the test here if there is no lab.</summary>
    public void Need()
    {
        if (obstacle.Value is not { } reason) return;
        if (Environment.GetEnvironmentVariable("VIRTOPT_REQUIRE_LABS") == "1") Assert.Fail($"The libvirt lab is required and cannot be had: {reason}");
        Assert.Skip($"The libvirt lab cannot be had: {reason}");
    }

    /// <summary>An empty lab with all daemons and links up: what an earlier test left is gone.</summary>
    public void Reset()
    {
        Need();
        foreach (string host in HostNames)
        {
            Do("start", host);
            Do("link", host, "up");
            if (Try("virsh", host, "version").Code != 0) Do("daemon", host, "start");
        }

        foreach (string host in HostNames)
        {
            foreach (string vm in Words(Do("virsh", host, "list", "--all", "--name")))
            {
                Try("virsh", host, "destroy", vm);
                Try("virsh", host, "undefine", vm, "--managed-save");
            }
        }

        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "shared"), "vm*")) File.Delete(file);
    }

    /// <summary>Runs a command of the lab; fails the test if the command fails.</summary>
    public string Do(params string[] words)
    {
        (int code, string output) = Try(words);
        Assert.True(code == 0, $"libvirt-lab {string.Join(' ', words)}: {output}");
        return output;
    }

    /// <summary>Runs a command of the lab.</summary>
    public (int Code, string Output) Try(params string[] words) => Run(words, []);

    /// <summary>Defines and starts guests.</summary>
    /// <param name="number">How many.</param>
    /// <param name="host">On which host.</param>
    /// <param name="settings">Such as GUEST_LOAD=50.</param>
    public void Guests(int number, string host, params string[] settings)
    {
        (int code, string output) = Run(["guests", number.ToString(CultureInfo.InvariantCulture), host], settings);
        Assert.True(code == 0, output);
    }

    /// <summary>The host on which a VM runs or is paused; fails if there is not exactly one.</summary>
    public string HostOf(string vm) => Assert.Single(HostNames, h => IsOn(vm, h));

    /// <summary>Whether a VM is active on a host.</summary>
    public bool IsOn(string vm, string host) =>
        Try("virsh", host, "domstate", vm) is (0, var state) && (state.Trim() is "running" or "paused");

    /// <summary>Seconds since the guest booted, as it told last; waits until it has told once more than before.</summary>
    public double Uptime(string vm) => Heartbeat(vm).Uptime;

    /// <summary>The next heartbeat of a guest: a sign that it lives, how long, and how many of its memory pages were bad.</summary>
    public (double Uptime, long BadPages) Heartbeat(string vm)
    {
        string file = Path.Combine(Folder, "shared", "console", vm + ".log");
        int before = Beats(file).Length;
        string[] now = [];
        Wait(() => (now = Beats(file)).Length > before, () => $"no heartbeat of {vm}: {string.Join(", ", HostNames.Select(StateOn))}");
        string[] words = now[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(Value("up="), CultureInfo.InvariantCulture), long.Parse(Value("bad="), CultureInfo.InvariantCulture));

        string StateOn(string host) => $"{host} {Try("virsh", host, "domstate", vm, "--reason").Output.Trim()}";
        string Value(string name) => words.Single(w => w.StartsWith(name, StringComparison.Ordinal))[name.Length..];
    }

    /// <summary>Waits until something is true; fails the test after a minute or two.</summary>
    public static void Wait(Func<bool> isSo, string complaint) => Wait(isSo, () => complaint);

    private static void Wait(Func<bool> isSo, Func<string> complaint)
    {
        using ManualResetEventSlim never = new();
        for (int i = 0; i < 600; i++)
        {
            if (isSo()) return;
            never.Wait(200, TestContext.Current.CancellationToken);
        }

        Assert.Fail(complaint());
    }

    public static IEnumerable<string> Words(string text) => text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        if (isUp) Run(["down"], []);
    }

    private static string[] Beats(string file)
    {
        if (!File.Exists(file)) return [];
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n')[..^1];
        return [.. lines.Where(l => l.StartsWith("HB ", StringComparison.Ordinal) && l.Contains("bad=", StringComparison.Ordinal))];
    }

    private string? BringUp()
    {
        if (!OperatingSystem.IsLinux()) return "this is not Linux";
        (int code, string output) = Run(["check"], []);
        if (code != 0) return output.Trim();
        Run(["down"], []);
        isUp = true;
        (code, output) = Run(["up", "3"], []);
        return code == 0 ? null : output.Trim();
    }

    private (int Code, string Output) Run(string[] words, string[] settings)
    {
        string log = Path.GetTempFileName();
        // The lab's daemons would keep a pipe open for ever; a file does not mind.
        ProcessStartInfo start = new("bash", ["-c", "exec bash \"$@\" >\"$0\" 2>&1 </dev/null", log, script, .. words]);
        start.Environment["LIBVIRT_LAB_DIR"] = Folder;
        start.Environment["LIBVIRT_LAB_CAPS"] = "8:16384 8:16384 8:16384";
        foreach (string setting in settings) start.Environment[setting.Split('=')[0]] = setting.Split('=')[1];
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        string output = File.ReadAllText(log);
        File.Delete(log);
        return (process.ExitCode, output);
    }

    public static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "VirtOpt.Solver.sln"))) at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
