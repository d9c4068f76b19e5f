namespace VirtOpt.Solver.Online;

/// <summary>Reads from the terms of rules what has to be known of VMs that stay where they are.</summary>
internal static class RuleReading
{
    /// <summary>Marks the rules that count VMs of their groups where they are; true if a rule looks at every VM of a host by itself.</summary>
    public static bool FindBystanders(PlacementProblem problem, RunningRule<Constraint>[] rules, RunningRule<Objective>[] objectives)
    {
        Constraint[] hard = [.. rules.Select(rule => rule.Origin with { Soft = null })];
        PlacementModel model = new PlacementProblem(problem.Cluster) { Constraints = hard, Objectives = problem.Objectives }.Compile();
        ILookup<object, Term> termsOf = model.Requirements.ToLookup(r => (object)r.Source, r => r.Term, ReferenceEqualityComparer.Instance!);
        for (int r = 0; r < rules.Length; r++)
            rules[r].CountsBystanders = termsOf[hard[r]].Any(term => rules[r].Origin.Soft is null ? CountsBystanders(term) : ChargesAtPlace(term));
        foreach (RunningRule<Objective> objective in objectives)
            if (objective.Crews.Length > 0 && model.Goals.Any(g => g.Name == objective.Origin.Describe() && ChargesAtPlace(g.Term)))
                throw new NotSupportedException($"The objective ({objective.Origin.Describe()}) counts the VMs of groups where they are.");
        return model.Requirements.Any(r => r.Term is FailoverTerm || r.Source is GroupCapacity { Of: GroupCapacity.Count });
    }

    /// <summary>False for a rule that its group is too small for, now that VMs have left it: it is asked again once they are back.</summary>
    public static bool CanBeAsked(Constraint rule) => rule is not Spread spread || spread.Min <= spread.Group.Members.Count;

    /// <summary>What one VM breaks by itself does not depend on others.</summary>
    private static bool CountsBystanders(Term term) => term is not SumTerm { PerVm: true } && ChargesAtPlace(term);

    private static bool ChargesAtPlace(Term term) =>
        term.FamiliesRead().Any(family => !family.IsDense && Enumerable.Range(0, family.Members.Length).Any(position => family.Weight(position) != 0));
}
