using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>
/// Whether the agents in guests answer (QEMU guest agent): each is pinged with a time limit. Other calls to an agent wait for ever for one that hangs.
/// </summary>
internal static class AgentCheck
{
    private const string Ping = "{\"execute\":\"guest-ping\"}";
    private const int PatienceSeconds = 5;
    private const int MostAtOnce = 4; // a daemon serves a few calls of a client at once

    /// <summary>The VMs, each with whether its agent answers; those without agent, and those that stand still, as they were.</summary>
    /// <param name="connection">Their host.</param>
    /// <param name="domains">Their domains, with definitions.</param>
    /// <param name="vms">The VMs.</param>
    public static List<VmReading> Of(LibvirtConnection connection, List<DomainStats> domains, List<VmReading> vms)
    {
        HashSet<Guid> haveOne = [.. domains.Where(d => new DomainXml(d.Xml!).HasAgent).Select(d => d.Uuid)];
        return
        [
            .. vms.AsParallel().AsOrdered().WithDegreeOfParallelism(MostAtOnce).WithExecutionMode(ParallelExecutionMode.ForceParallelism)
                .Select(vm => haveOne.Contains(vm.Uuid) && !vm.IsPaused ? vm with { AgentAnswers = Answers(connection, vm.Name) } : vm),
        ];
    }

    private static bool? Answers(LibvirtConnection connection, string vm)
    {
        try
        {
            using DomainHandle? domain = connection.Find(vm);
            if (domain is null) return null;
            nint answer = virDomainQemuAgentCommand(domain, Ping, PatienceSeconds, 0);
            if (answer != 0) Free(answer);
            return answer != 0;
        }
        catch (Exception e) when (e is LibvirtException or DllNotFoundException)
        {
            return null; // the host does not answer, or libvirt's library for QEMU is missing: of its guests nothing is known
        }
    }
}
