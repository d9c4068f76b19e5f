using System.Numerics;

namespace VirtOpt.Solver.Search.Kernels.Profiles;

/// <summary>
/// A term that counts in how many slots of a forecast a host is over its limit, as tables: a row of amounts per VM, a row of limits per host. Filled by
/// <see cref="SearchModel"/>, then immutable; threads share it.
/// </summary>
internal sealed class ProfileTable
{
    private readonly AllowanceTerm term;
    private readonly int[] limits;
    private readonly int[] demands;
    private readonly int[] nothing;

    private ProfileTable(AllowanceTerm term, int vms)
    {
        this.term = term;
        Width = (term.Parts.Count + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        limits = new int[term.CellCount * Width];
        demands = new int[vms * Width];
        nothing = new int[Width];
        limits.AsSpan().Fill(int.MaxValue);
        for (int slot = 0; slot < term.Parts.Count; slot++)
        {
            TermPart part = term.Parts[slot];
            for (int host = 0; host < Hosts; host++) limits[(host * Width) + slot] = (int)Math.Clamp(part.Functions[host].Hinges[0].At, -1, int.MaxValue);
            for (int vm = 0; vm < vms; vm++) demands[(vm * Width) + slot] = (int)part.Family.Weight(vm);
        }
    }

    /// <summary>Number of hosts.</summary>
    public int Hosts => term.CellCount;

    /// <summary>Slots, padded to whole vectors; no host is ever over its limit in the padding.</summary>
    public int Width { get; }

    /// <summary>What one unit of the term's amount costs; 0 for a requirement alone.</summary>
    public double Factor { get; set; }

    /// <summary>What is tolerated of the term by host; null if it is no requirement.</summary>
    public IReadOnlyList<long>? Tolerated { get; set; }

    /// <summary>The table of a term; null if it has another form, or amounts that do not fit.</summary>
    public static ProfileTable? Of(Term term, int vms) =>
        term is AllowanceTerm allowance && allowance.Parts.All(part => Suits(part, vms)) ? new ProfileTable(allowance, vms) : null;

    /// <summary>A row of zeros.</summary>
    public ReadOnlySpan<int> Nothing => nothing;

    /// <summary>The amounts of a VM.</summary>
    public ReadOnlySpan<int> Demand(int vm) => demands.AsSpan(vm * Width, Width);

    /// <summary>The limits of a host.</summary>
    public ReadOnlySpan<int> Limits(int host) => limits.AsSpan(host * Width, Width);

    /// <summary>The amount of a host that is over its limit in a number of slots.</summary>
    public long Amount(int over) => term.Amount(over);

    private static bool Suits(TermPart part, int vms)
    {
        LoadFamily family = part.Family;
        if (family is not { IsDense: true, Kind: CellKind.Host, DependsOnStart: false, TellsStartsApart: false }) return false;
        for (int host = 0; host < family.CellCount; host++)
            if (family.BaseCell(new HostId(host)) != host) return false;
        if (!part.Functions.All(f => f.IsStep && f.Hinges[0].Change == 1)) return false;
        long sum = 0;
        for (int vm = 0; vm < vms; vm++)
        {
            if (family.Weight(vm) is < 0 or > int.MaxValue) return false;
            sum += family.Weight(vm);
        }

        return sum <= int.MaxValue;
    }
}
