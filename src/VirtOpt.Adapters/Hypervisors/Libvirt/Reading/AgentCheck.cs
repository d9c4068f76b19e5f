using static VirtOpt.LibvirtNative;

namespace VirtOpt;

/// <summary>Whether the agents in guests answer (QEMU guest agent): each is asked for its time, which libvirt waits a few seconds for.</summary>
internal static class AgentCheck
{
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
            return domain is null ? null : virDomainGetTime(domain, out _, out _, 0) >= 0;
        }
        catch (LibvirtException)
        {
            return null; // the host does not answer: of its guests nothing is known
        }
    }
}
