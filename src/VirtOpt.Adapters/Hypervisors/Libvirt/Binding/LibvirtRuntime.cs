namespace VirtOpt;

/// <summary>What libvirt needs once in a process before the first connection: itself, a silent error handler, and a thread that runs its event loop.</summary>
internal static unsafe class LibvirtRuntime
{
    private const int TickMilliseconds = 500;

    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>Starts it if it has not been started.</summary>
    /// <exception cref="InvalidInputException">There is no libvirt on this machine.</exception>
    public static void Ensure()
    {
        try
        {
            _ = Started.Value;
        }
        catch (DllNotFoundException e)
        {
            throw new InvalidInputException(
                "The library libvirt.so.0 is not there, so no host can be reached.\n"
                + "Maybe the package libvirt0 (Debian) or libvirt-libs (Fedora) is not installed.",
                e);
        }
    }

    private static bool Start()
    {
        if (LibvirtNative.virInitialize() < 0) throw LibvirtException.Last();
        LibvirtNative.virSetErrorFunc(0, (nint)(delegate* unmanaged<nint, nint, void>)&Silent); // else every error is printed as well
        if (LibvirtNative.virEventRegisterDefaultImpl() < 0) throw LibvirtException.Last();
        // Keeps the loop turning when it has nothing else to wait for.
        _ = LibvirtNative.virEventAddTimeout(TickMilliseconds, (nint)(delegate* unmanaged<int, nint, void>)&Tick, 0, 0);
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
        return true;
    }

    private static void Run()
    {
        using ManualResetEventSlim never = new();
        while (true)
            if (LibvirtNative.virEventRunDefaultImpl() < 0) never.Wait(TickMilliseconds);
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static void Silent(nint user, nint error) { }

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static void Tick(int timer, nint opaque) { }
}
