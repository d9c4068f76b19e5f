using VirtOpt.Solver.Formulation;
using VirtOpt.Solver.Search;

namespace VirtOpt.Solver.Sequencing;

/// <summary>
/// The cluster between two migrations: a step is allowed if every continuous rule holds after it, no more broken than at the start, and no VM is
/// where it may never be. Within a
/// wave the sources of its migrations stay charged.
/// </summary>
internal sealed class StepState
{
    private readonly PlacementModel model;
    private readonly PlacementState state;
    private readonly List<Requirement>[] continuousOf;
    private readonly Dictionary<(int Family, int Cell), long> held = [];
    private readonly List<(SumTerm Term, IReadOnlyList<long> Tolerated)>[] cellLimitsOf;

    public StepState(PlacementModel model, Scoring scoring, ReadOnlySpan<Place> places)
    {
        this.model = model;
        continuousOf = [.. model.Families.Select(_ => new List<Requirement>())];
        cellLimitsOf = [.. model.Families.Select(_ => new List<(SumTerm, IReadOnlyList<long>)>())];
        HashSet<Term> asked = new(ReferenceEqualityComparer.Instance);
        for (int r = 0; r < model.Requirements.Count; r++)
            if (model.Requirements[r] is { Source.Continuous: true } or { Term: SumTerm { PerVm: true } })
            {
                Index(model.Requirements[r], scoring.Tolerances.Of(r));
                asked.Add(model.Requirements[r].Term);
            }

        state = new PlacementState(model, places, scoring, asked);
    }

    public ReadOnlySpan<Place> Places => state.Places;

    /// <summary>Moves a VM if that is allowed, with the room of the wave's sources still taken; true if it was.</summary>
    public bool TryMove(int vm, Place to)
    {
        Place from = state.Places[vm];
        state.Move(vm, to);
        if (Holds(vm) && HoldsWithWave(vm, from.Host == to.Host)) return true;
        state.Move(vm, from);
        return false;
    }

    /// <summary>Takes a step back.</summary>
    public void Undo(int vm, Place to) => state.Move(vm, to);

    /// <summary>Keeps the room of a source taken until the wave ends.</summary>
    public void Hold(int vm, Place source)
    {
        Place? start = model.Cluster.Vms[vm].Start; // what stays charged there anyway is not held twice
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            foreach (int cell in charge.Family.CellsOf(source))
                held[(charge.Family.Index, cell)] = held.GetValueOrDefault((charge.Family.Index, cell))
                    + (source == start ? Math.Max(0, charge.Weight - charge.Leaving) : charge.Weight);
    }

    /// <summary>Frees the sources of the wave.</summary>
    public void EndWave() => held.Clear();

    private void Index(Requirement requirement, IReadOnlyList<long> tolerated)
    {
        foreach (LoadFamily family in requirement.Term.FamiliesRead()) continuousOf[family.Index].Add(requirement);
        if (requirement.Term is SumTerm { Outer: Outer.Sum } term) cellLimitsOf[term.Family.Index].Add((term, tolerated));
    }

    private bool Holds(int vm)
    {
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            foreach (Requirement requirement in continuousOf[charge.Family.Index])
                if (state.Excess(requirement) > 0) return false;
        return true;
    }

    private bool HoldsWithWave(int vm, bool staysOnHost)
    {
        if (held.Count == 0 || staysOnHost) return held.Count == 0;
        foreach (Charge charge in VmClass.ChargesOf(model, vm))
            foreach ((SumTerm term, IReadOnlyList<long> tolerated) in cellLimitsOf[charge.Family.Index])
                foreach (int cell in charge.Family.CellsOf(state.Places[vm]))
                    if (term.Functions[cell].At(state.Load(term.Family, cell) + held.GetValueOrDefault((charge.Family.Index, cell))) > tolerated[cell])
                        return false;
        return true;
    }
}
