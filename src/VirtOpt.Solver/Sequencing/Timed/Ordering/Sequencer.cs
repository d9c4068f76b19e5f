using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Brings legs into an order in which each has room when its turn comes. Legs that are blocked wait for a cell and are woken when something leaves it, so
/// that an order takes time near-linear in its length. Where all are blocked, the cheapest hop that frees another leg is made; where single hops do not
/// help, small knots are searched through.
/// </summary>
internal sealed class Sequencer
{
    private const int MostSparePlaces = 64;
    private readonly LegMaker maker;
    private readonly SequenceState state;
    private readonly PlaceTable table;
    private readonly Func<Leg, double> key;
    private readonly PriorityQueue<Leg, (double Key, int Vm)> ready = new();
    private readonly Dictionary<int, List<Leg>> waitingFor = [];
    private readonly List<Leg> waitingForRules = [];
    private readonly Dictionary<int, Leg> pending = [];
    private readonly List<Leg> order = [];
    private readonly Dictionary<int, Place> targetOf = [];
    private readonly Dictionary<int, Queue<Leg>> later = [];
    private int hopsLeft;

    /// <param name="maker">Makes legs.</param>
    /// <param name="table">The places that suit VMs.</param>
    /// <param name="legs">The direct legs.</param>
    /// <param name="key">Legs with a small key go first.</param>
    /// <param name="gone">Legs that have gone before.</param>
    public Sequencer(LegMaker maker, PlaceTable table, IReadOnlyList<Leg> legs, Func<Leg, double> key, IReadOnlyList<Leg>? gone = null)
    {
        (this.maker, this.table, this.key) = (maker, table, key);
        foreach (Leg leg in legs)
        {
            targetOf[leg.Vm] = leg.To;
            if (pending.TryAdd(leg.Vm, leg)) ready.Enqueue(leg, (key(leg), leg.Vm));
            else if (later.TryGetValue(leg.Vm, out Queue<Leg>? queue)) queue.Enqueue(leg);
            else later[leg.Vm] = new([leg]);
        }

        state = new SequenceState(maker);
        foreach (Leg leg in gone ?? []) state.Go(leg);
        hopsLeft = HopsAllowed(maker, [.. gone ?? [], .. legs]);
    }

    /// <summary>Finds an order.</summary>
    public Sequence Find(CancellationToken cancellation = default)
    {
        while (!cancellation.IsCancellationRequested)
        {
            GoOn();
            if (pending.Count == 0 || hopsLeft <= 0) break;
            if (Hop(mustFree: true) || Hop(mustFree: false)) continue;
            if (!Untie() && !Interrupt()) break;
        }

        return new Sequence(order, [.. pending.Values.OrderBy(l => l.Vm).Select(state.Blocked)]);
    }

    private void GoOn()
    {
        while (ready.TryDequeue(out Leg? leg, out _))
        {
            if (!pending.TryGetValue(leg.Vm, out Leg? current) || current != leg) continue;
            if (state.Short(leg) is >= 0 and int cell) Wait(cell, leg);
            else if (!state.RulesAllow(leg)) waitingForRules.Add(leg);
            else Go(leg);
        }
    }

    private void Wait(int cell, Leg leg)
    {
        if (!waitingFor.TryGetValue(cell, out List<Leg>? waiting)) waitingFor[cell] = waiting = [];
        waiting.Add(leg);
    }

    private void Go(Leg leg)
    {
        state.Go(leg);
        order.Add(leg);
        pending.Remove(leg.Vm);
        if (leg.Resize is null && leg.To != targetOf[leg.Vm]) Then(maker.Make(leg.Vm, leg.To, targetOf[leg.Vm]));
        else if (later.TryGetValue(leg.Vm, out Queue<Leg>? queue) && queue.TryDequeue(out Leg? next)) Then(next);

        foreach (RoomUse use in leg.Gives)
            if (waitingFor.Remove(use.Cell, out List<Leg>? waiting)) waiting.ForEach(Ready);
        if (!leg.IsOrdered) return;
        waitingForRules.ForEach(Ready);
        waitingForRules.Clear();
    }

    private void Then(Leg leg)
    {
        pending[leg.Vm] = leg;
        Ready(leg);
    }

    private void Ready(Leg leg) => ready.Enqueue(leg, (key(leg), leg.Vm));

    /// <summary>Makes the cheapest hop; if it must free, only one after which another blocked leg can go.</summary>
    private bool Hop(bool mustFree)
    {
        foreach (Leg leg in pending.Values.Where(l => l.IsTransfer).OrderBy(l => l.Seconds).ThenBy(l => l.Vm))
        {
            if (!mustFree && (leg.IsOrdered || HasHopped(leg.Vm))) continue;
            if (!Blocks(leg, mustFree) || BestHop(leg, mustFree) is not { } hop) continue;
            hopsLeft--;
            Go(hop);
            return true;
        }

        return false;
    }

    private bool HasHopped(int vm) => order.Any(l => l.Vm == vm);

    /// <summary>Whether other legs wait for room where a VM is, and, if it must free, would have all they need without it.</summary>
    private bool Blocks(Leg leg, bool mustFree)
    {
        foreach (RoomUse use in leg.Gives)
            if (waitingFor.TryGetValue(use.Cell, out List<Leg>? waiting)
                && waiting.Any(w => w.Vm != leg.Vm && pending.GetValueOrDefault(w.Vm) == w && (!mustFree || state.Short(w, leg.Gives) < 0))) return true;
        return false;
    }

    /// <summary>The hop of a VM to where most room is left for what is still to come.</summary>
    private Leg? BestHop(Leg leg, bool mustFree)
    {
        Leg? best = null;
        (double bestRoom, int found) = (double.NegativeInfinity, 0);
        IReadOnlyList<Place> places = table.For(maker.Problem.Cluster.Vms[leg.Vm]);
        int first = (int)(leg.Vm * 2654435761L % Math.Max(1, places.Count)); // Hops spread over the hosts.
        for (int i = 0; i < places.Count && found < MostSparePlaces; i++)
        {
            Place spare = places[(first + i) % places.Count];
            if (spare.Host == leg.From.Host || spare == leg.To || !maker.Rooms.Allows(leg.Vm, spare)) continue;
            Leg hop = maker.Make(leg.Vm, leg.From, spare, isHop: true);
            if (state.Short(hop) >= 0 || !state.RulesAllow(hop) || (mustFree && !Frees(hop))) continue;
            found++;
            double room = hop.Takes.Count == 0
                ? 1 : hop.Takes.Min(t => (maker.Rooms.Limit(t.Cell) - state.Load(t.Cell) - t.Amount - Wanted(t.Cell)) / (double)maker.Rooms.Limit(t.Cell));
            if (room > bestRoom) (best, bestRoom) = (hop, room);
        }

        return best;
    }

    private long Wanted(int cell) =>
        waitingFor.TryGetValue(cell, out List<Leg>? waiting) ? waiting.Sum(w => w.Takes.Where(t => t.Cell == cell).Sum(t => t.Amount)) : 0;

    private bool Frees(Leg hop)
    {
        state.Go(hop);
        bool frees = hop.Gives.Any(use => waitingFor.TryGetValue(use.Cell, out List<Leg>? waiting)
            && waiting.Any(w => w.Vm != hop.Vm && pending.GetValueOrDefault(w.Vm) == w && state.Short(w) < 0 && state.RulesAllow(w)));
        state.Undo(hop);
        return frees;
    }

    /// <summary>Searches all orders of single moves of the blocked VMs.</summary>
    private bool Untie()
    {
        if (pending.Values.All(l => !l.IsArrival)) return false;
        Knot knot = new(maker, table, state, [.. pending.Values.Where(l => l.IsArrival).OrderBy(l => l.Vm)], hopsLeft);
        IReadOnlyList<Leg>? way = knot.Search();
        if (way is null) return false;
        foreach (Leg leg in way)
        {
            if (leg.IsHop) hopsLeft--;
            pending[leg.Vm] = leg;
            Go(leg);
        }

        return true;
    }

    /// <summary>Lets a VM that others wait for give up its place: first one after which another can go, least harm first.</summary>
    private bool Interrupt()
    {
        Leg[] candidates = [.. pending.Values.Where(l => l.IsTransfer && maker.MayBreak(l.Vm))
            .OrderByDescending(l => maker.Problem.Cluster.Vms[l.Vm].Downtime)
            .ThenBy(l => maker.Settings.BreakSeconds(maker.Problem.Cluster, new VmId(l.Vm), isBack: false)).ThenBy(l => l.Vm)];
        foreach (bool mustFree in (bool[])[true, false])
            foreach (Leg leg in candidates.Where(l => Blocks(l, mustFree)))
            {
                Leg away = maker.Make(leg.Vm, leg.From, Placement.Nowhere, isHop: true);
                if (!state.RulesAllow(away)) continue;
                Go(away);
                return true;
            }

        return false;
    }

    /// <summary>A hard limit on the number of migrations counts hops as well.</summary>
    public static int HopsAllowed(LegMaker maker, IReadOnlyList<Leg> legs) => (int)maker.Problem.Constraints.OfType<MigrationLimit>()
        .Where(c => c is { Soft: null, Of: MigrationMeasure.Count, Per: MigrationLimit.Cluster, Group: null })
        .Select(c => Math.Max(0, c.Max - legs.Count(l => l.IsTransfer))).DefaultIfEmpty(2L + (4L * legs.Count)).Min();
}
