using VirtOpt.Solver.Search.Kernels.Groups;
using VirtOpt.Solver.Search.Kernels.Profiles;

namespace VirtOpt.Solver.Search.Kernels;

/// <summary>
/// A placement under search: every move is judged by its change of energy, in the order of cost: tables first, the remaining terms only for what
/// could be accepted. Tables and groups allocate nothing.
/// </summary>
internal sealed class SearchState
{
    private const int JudgementsToLearnFrom = 1000;
    private const double Surprise = 2;
    private const double RulesMendedByMove = 2;
    private readonly SearchModel model;
    private readonly Place[] places;
    private readonly SheetLoads[] sheets;
    private readonly PlacementState? rest;
    private readonly HostMembers members;
    private readonly double[] paid;
    private readonly GroupLoads groups;
    private readonly ProfileLoads[] profiles;
    private double mostGained;
    private int judgedLater;
    private double excessPrice = double.PositiveInfinity;
    private long brokenRules;

    /// <param name="model">The compiled problem.</param>
    /// <param name="places">A valid placement.</param>
    public SearchState(SearchModel model, ReadOnlySpan<Place> places)
    {
        (this.model, this.places) = (model, [.. places]);
        sheets = new SheetLoads[model.Sheets.Count];
        for (int s = 0; s < sheets.Length; s++) sheets[s] = new SheetLoads(model.Sheets[s], places, model.Starts);
        rest = model.RestAt(places);
        groups = new GroupLoads(model.Groups, this.places, model.Starts);
        profiles = [.. model.Profiles.Select(table => new ProfileLoads(table, this.places))];
        members = new HostMembers(places, model.HostCount);
        paid = new double[places.Length];
        for (int vm = 0; vm < paid.Length; vm++) paid[vm] = model.MoveCosts.At(vm, places[vm]);
        LaterGain = model.HasLaterGoals ? double.PositiveInfinity : 0;
        Recount();
    }

    /// <summary>Where the VMs are.</summary>
    public ReadOnlySpan<Place> Places => places;

    /// <summary>Assertion mode: counts everything anew after every move, which takes as long as a thousand moves and more.</summary>
    public bool IsVerified { get; init; }

    /// <summary>The weighted sum of all levels, less a constant. Smaller is better.</summary>
    public double Energy { get; private set; }

    /// <summary>True if no load exceeds its cap and no rule of a group is broken: always, unless that has a price.</summary>
    public bool IsWithinCaps => brokenRules == 0 && Array.TrueForAll(sheets, s => s.IsWithinCaps);

    /// <summary>By how much groups and rest are expected to gain at most; at first without limit, because nothing is known.</summary>
    public double LaterGain { get; private set; }

    /// <summary>Where a VM is.</summary>
    public Place PlaceOf(int vm) => places[vm];

    /// <summary>Number of VMs on a host.</summary>
    public int CountOn(int host) => members.CountOn(host);

    /// <summary>What the loads of a host cost.</summary>
    public double CostAt(int host)
    {
        double cost = 0;
        foreach (SheetLoads sheet in sheets) cost += sheet.CostAt(host);
        return cost;
    }

    /// <summary>Room of a host at the price that others pay for not having it.</summary>
    public double IdleAt(int host)
    {
        double idle = 0;
        foreach (SheetLoads sheet in sheets) idle += sheet.IdleAt(host);
        return idle;
    }

    /// <summary>The VMs on a host, in no order.</summary>
    public ReadOnlySpan<int> VmsOn(int host) => members.On(host);

    /// <summary>
    /// Lets loads of tables exceed their caps, and rules of groups be broken, at a price that is part of the energy, or makes both hold again.
    /// </summary>
    /// <param name="price">Energy for each VM of typical weight above a cap and for each unit by which a rule is broken; infinite if both hold.</param>
    public void PriceExcess(double price)
    {
        if (price.Equals(excessPrice)) return;
        (excessPrice, groups.ArePriced) = (price, !double.IsPositiveInfinity(price));
        brokenRules = ExcessOfRules;
        foreach (SheetLoads sheet in sheets) sheet.PriceExcess(price);
        Recount();
    }

    /// <summary>Moves a VM if that is valid and raises the energy by no more than a limit.</summary>
    public bool TryShift(int vm, Place to, double limit)
    {
        Place from = places[vm];
        double change = -paid[vm];
        foreach (SheetLoads sheet in sheets) change += sheet.Change(vm, from, to, model.Starts[vm]);
        if (IsHopeless(change, limit)) return false;
        double pays = model.MoveCosts.At(vm, to);
        double judged = change += pays;
        groups.JudgedExcess = 0;
        if (IsHopeless(change, limit) || !model.Groups.Judge(groups, vm, from, to, model.Starts[vm], ref change)) return false;
        if (!JudgeProfiles(vm, from, -1, to, ref change)) return false;
        double before = RestEnergy;
        rest?.Move(vm, to);
        if (!IsAllowed(before, limit, judged, ref change))
        {
            rest?.Move(vm, from);
            return false;
        }

        Commit(vm, to, pays);
        Energy += change;
        if (IsVerified && IsWithinCaps) model.Verify(this);
        return true;
    }

    /// <summary>Lets two VMs take each other's places if that is valid and raises the energy by no more than a limit.</summary>
    public bool TrySwap(int vm, int otherVm, double limit)
    {
        (Place place, Place otherPlace) = (places[vm], places[otherVm]);
        double change = -paid[vm] - paid[otherVm];
        foreach (SheetLoads sheet in sheets)
            change += sheet.ChangeOfSwap(vm, place, model.Starts[vm], otherVm, otherPlace, model.Starts[otherVm]);
        if (IsHopeless(change, limit)) return false;
        (double pays, double otherPays) = (model.MoveCosts.At(vm, otherPlace), model.MoveCosts.At(otherVm, place));
        double judged = change += pays + otherPays;
        groups.JudgedExcess = 0;
        if (IsHopeless(change, limit) || !JudgeProfiles(vm, place, otherVm, otherPlace, ref change) || !TryGroups(vm, otherVm, ref change)) return false;
        double before = RestEnergy;
        rest?.Move(vm, otherPlace);
        rest?.Move(otherVm, place);
        MoveInGroups(vm, place);
        if (!IsAllowed(before, limit, judged, ref change))
        {
            rest?.Move(otherVm, otherPlace);
            rest?.Move(vm, place);
            return false;
        }

        Commit(vm, otherPlace, pays);
        Commit(otherVm, place, otherPays);
        Energy += change;
        if (IsVerified && IsWithinCaps) model.Verify(this);
        return true;
    }

    /// <summary>Takes back a shift; of several, the last first.</summary>
    public void PutBack(int vm, Place place)
    {
        if (!TryShift(vm, place, double.MaxValue)) throw new InvalidOperationException("A move could not be taken back.");
    }

    /// <summary>Takes over a valid placement, VM by VM where it differs; the energy is to be counted anew after that.</summary>
    public void Follow(ReadOnlySpan<Place> others)
    {
        for (int vm = 0; vm < places.Length; vm++)
            if (places[vm] != others[vm])
            {
                rest?.Move(vm, others[vm]);
                Commit(vm, others[vm], model.MoveCosts.At(vm, others[vm]));
            }

        if (groups.ArePriced || brokenRules > 0) brokenRules = ExcessOfRules;
    }

    /// <summary>Counts the energy anew.</summary>
    public double Recount()
    {
        double energy = RestEnergy + profiles.Sum(profile => profile.Cost) + model.Groups.Rules.Sum(rule => rule.Cost(groups));
        if (groups.ArePriced) energy += excessPrice * brokenRules;
        foreach (SheetLoads sheet in sheets) energy += sheet.Cost;
        for (int vm = 0; vm < places.Length; vm++) energy += paid[vm];
        return Energy = energy;
    }

    /// <summary>Judges a swap by the rules of groups, one VM after the other; if that is allowed, the first is left at the other's place there.</summary>
    private bool TryGroups(int vm, int otherVm, ref double change)
    {
        (Place place, Place otherPlace) = (places[vm], places[otherVm]);
        if (!model.Groups.Judge(groups, vm, place, otherPlace, model.Starts[vm], ref change)) return false;
        MoveInGroups(vm, otherPlace);
        if (model.Groups.Judge(groups, otherVm, otherPlace, place, model.Starts[otherVm], ref change)) return true;
        MoveInGroups(vm, place);
        return false;
    }

    /// <summary>Judges by the slots of forecasts that a VM goes to a place, and another one, unless it is -1, to its.</summary>
    private bool JudgeProfiles(int vm, Place from, int otherVm, Place to, ref double change)
    {
        long excess = 0;
        foreach (ProfileLoads profile in profiles)
            if (!profile.Judge(vm, from.Host.Index, otherVm, to.Host.Index, groups.ArePriced, ref change, ref excess)) return false;
        groups.JudgedExcess += excess;
        return true;
    }

    private void MoveInGroups(int vm, Place to)
    {
        model.Groups.Apply(groups, vm, places[vm], to, model.Starts[vm]);
        places[vm] = to;
    }

    private long ExcessOfRules => model.Groups.Rules.Sum(rule => rule.Excess(groups)) + profiles.Sum(profile => profile.Excess);

    private double RestEnergy
    {
        get
        {
            if (rest is null) return 0;
            double energy = 0;
            for (int level = 0; level < model.Factors.Length; level++) energy += model.Factors[level] * rest.Level(level);
            return energy;
        }
    }

    /// <summary>True if a cap would be exceeded, or if no gain of groups and rest is expected to make up for a rise.</summary>
    private bool IsHopeless(double change, double limit) => double.IsPositiveInfinity(change)
        || change > limit + LaterGain + (brokenRules > 0 ? RulesMendedByMove * excessPrice : 0);

    /// <summary>
    /// Adds what the rest costs, and learns how much groups and rest gain at most, so that moves too bad for that need not reach them. At first all do.
    /// </summary>
    private bool IsAllowed(double before, double limit, double judged, ref double change)
    {
        change += RestEnergy - before;
        mostGained = Math.Max(mostGained, judged - change);
        if (judgedLater++ >= JudgementsToLearnFrom) LaterGain = Surprise * mostGained;
        if (groups.ArePriced) change += excessPrice * groups.JudgedExcess;
        if (rest is { Broken: > 0 } || change > limit) return false;
        brokenRules += groups.JudgedExcess;
        return true;
    }

    private void Commit(int vm, Place to, double pays)
    {
        foreach (SheetLoads sheet in sheets) sheet.Move(vm, places[vm], to, model.Starts[vm]);
        model.Groups.Apply(groups, vm, places[vm], to, model.Starts[vm]);
        foreach (ProfileLoads profile in profiles) profile.Move(vm, places[vm].Host.Index, to.Host.Index);
        members.Move(vm, places[vm].Host.Index, to.Host.Index);
        (places[vm], paid[vm]) = (to, pays);
    }
}
