namespace VirtOpt.Solver.Sequencing.Timed.Value;

/// <summary>Legs in an order in which each has room when its turn comes, those that bring most for what they cost first.</summary>
/// <param name="Legs">The legs, hops among them.</param>
/// <param name="Stops">Where one may stop, from none of the legs on.</param>
/// <param name="Blocked">Legs that have no turn.</param>
/// <param name="Levels">The levels of the stops' scores.</param>
internal sealed record ValueChain(
    IReadOnlyList<Leg> Legs, IReadOnlyList<ChainStop> Stops, IReadOnlyList<BlockedLeg> Blocked, IReadOnlyList<int> Levels);

/// <summary>A stop of a chain: its legs so far lead to a placement that keeps all rules.</summary>
/// <param name="Legs">Number of legs up to here.</param>
/// <param name="Worth">What is reached.</param>
internal sealed record ChainStop(int Legs, Worth Worth);

/// <summary>What legs cost against the limits on the size of a plan.</summary>
/// <param name="Moves">Migrations.</param>
/// <param name="MiB">What they send.</param>
internal readonly record struct LegCost(int Moves, double MiB)
{
    public static LegCost Of(LegMaker maker, IEnumerable<Leg> legs)
    {
        (int moves, double mib) = (0, 0);
        foreach (Leg leg in legs.Where(l => l.IsTransfer))
        {
            moves++;
            if (leg.From.Host != leg.To.Host) mib += maker.Settings.Estimate(maker.Problem.Cluster, new VmId(leg.Vm)).MovedMiB;
        }

        return new LegCost(moves, mib);
    }

    /// <summary>Whether the limits allow that much.</summary>
    public bool IsWithin(PlanLimits limits) => Moves <= (limits.MaxMigrations ?? int.MaxValue) && MiB <= (limits.MaxMovedMiB ?? double.PositiveInfinity);
}
