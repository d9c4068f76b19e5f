namespace VirtOpt;

/// <summary>What an action of a <see cref="TimedPlan"/> does. In files a kind is written with a small first letter: <c>bootHost</c>.</summary>
public enum ActionKind
{
    /// <summary>Live migration: the VM runs on, its memory goes to another host (or to other parts of its host).</summary>
    Migrate,

    /// <summary>The VM is shut down, moved and booted on another host.</summary>
    ColdMigrate,

    /// <summary>The disks of a running VM are copied; its host stays the same.</summary>
    StorageMigrate,

    /// <summary>Live migration of memory and disks together: between hosts that share no storage.</summary>
    MigrateWithStorage,

    /// <summary>A VM that has no place is started on a host.</summary>
    Boot,

    /// <summary>A VM is stopped and gives up its place.</summary>
    Shutdown,

    /// <summary>A VM is saved to storage and gives up its place.</summary>
    Suspend,

    /// <summary>A suspended VM is restored on a host.</summary>
    Resume,

    /// <summary>A VM gets another amount of a resource where it is.</summary>
    Resize,

    /// <summary>A host that is off is switched on; it takes VMs from the end of the action on.</summary>
    BootHost,

    /// <summary>An empty host is switched off; it holds no VM from the start of the action on.</summary>
    ShutdownHost,

    /// <summary>An empty host goes into maintenance.</summary>
    EnterMaintenance,

    /// <summary>A host comes back from maintenance; it takes VMs from the end of the action on.</summary>
    LeaveMaintenance,

    /// <summary>Time between two waves in which whoever carries the plan out sees whether the cluster is well, and stops if it is not.</summary>
    Check,
}

/// <summary>What kinds of action have in common.</summary>
public static class ActionKinds
{
    /// <summary>True if the action is about a host, not about a VM.</summary>
    public static bool IsOfHost(this ActionKind kind) =>
        kind is ActionKind.BootHost or ActionKind.ShutdownHost or ActionKind.EnterMaintenance or ActionKind.LeaveMaintenance;

    /// <summary>True if the action is about a VM; neither actions on hosts nor checks are.</summary>
    public static bool IsOfVm(this ActionKind kind) => !kind.IsOfHost() && kind != ActionKind.Check;

    /// <summary>True if a VM goes from one place to another: it is charged at both until the action ends.</summary>
    public static bool IsMove(this ActionKind kind) => kind is ActionKind.Migrate or ActionKind.ColdMigrate or ActionKind.MigrateWithStorage;

    /// <summary>True if the action copies memory or disks over the migration network, so that limits on parallel migrations count it.</summary>
    public static bool IsTransfer(this ActionKind kind) => kind.IsMove() || kind == ActionKind.StorageMigrate;

    /// <summary>The kind as it stands in files.</summary>
    public static string Word(this ActionKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
