using VirtOpt.Solver.Sequencing.Timed.Value;

namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>From a placement to a timed plan: all of it, or what is worth most within the limits.</summary>
internal sealed class PlanMaker(LegMaker maker, Placement target, PlanOptions options, CancellationToken cancellation)
{
    private readonly PlanLimits limits = maker.Settings.Limits;
    private readonly IReadOnlyList<Leg> direct = maker.Direct(target);

    private bool IsSized => limits.MaxMigrations is not null || limits.MaxMovedMiB is not null;

    /// <summary>Makes the plan.</summary>
    public TimedPlan Run()
    {
        if (!ValueOrder.Applies(direct) && (limits.WaveSize is not null || IsSized))
            throw InvalidInputException.Because(
                "Small waves, and plans of a limited size, are made of migrations and boots; this plan has other actions on VMs.",
                "VMs that are shut down or resized can be left out of the input.");
        long over = TimeWindows.Over(limits);
        PlanDraft whole = new DraftMaker(maker, IsSized ? options with { TimeLimit = TimeSpan.Zero, Work = null } : options, cancellation).Make(direct);
        bool isWithin = LegCost.Of(maker, whole.Problem.Legs).IsWithin(limits);
        if ((isWithin && whole.Schedule.Makespan <= over) || !ValueOrder.Applies(direct))
        {
            PlanDraft draft = IsSized && new PlanBudget(options).HasAny ? new DraftMaker(maker, options, cancellation).Make(direct) : whole;
            return Finish(draft, []);
        }

        IReadOnlyList<Leg> chosen = new PlanChoice(maker, direct, options, cancellation).Choose();
        HashSet<int> leftOut = [.. direct.Select(l => l.Vm).Except(chosen.Select(l => l.Vm))];
        TimedPlan part = Finish(new DraftMaker(maker, options, cancellation).Make(chosen), leftOut);
        if (!isWithin) return part;
        TimedPlan cut = Finish(whole, []);
        return Worth.Of(maker, cut.Reached).CompareTo(Worth.Of(maker, part.Reached)) < 0 ? cut : part;
    }

    private TimedPlan Finish(PlanDraft draft, HashSet<int> leftOut)
    {
        TimedPlan plan = new PlanBuilder(maker, draft, target, leftOut).Build();
        if (!options.WithCurve || !ValueOrder.Applies(direct)) return plan;
        bool isWhole = plan.Unreached.All(u => leftOut.Contains(u.Vm.Index));
        CurveMaker curves = new(maker, target);
        return plan with
        {
            Curve = draft.Chain is { } own && isWhole ? curves.Make(own, draft) : curves.Make(new ValueOrder(maker, direct).Find(cancellation), null),
        };
    }
}
