namespace VirtOpt.Core.Tests;

/// <summary>Judges rules and objectives twice: by their own simple means, and by the terms that they state to the engines.</summary>
internal static class Judge
{
    /// <summary>Proves that a rule holds, and that its terms are 0.</summary>
    public static void Keeps(Constraint rule, PlacementView view) => Breaks(rule, view);

    /// <summary>Proves what a rule finds broken, in order, and that its terms add up to the same.</summary>
    public static IReadOnlyList<Violation> Breaks(Constraint rule, PlacementView view, params (string Item, long Amount)[] expected)
    {
        PlacementModel model = new PlacementProblem(view.Cluster) { Constraints = [rule] }.Compile();
        Violation[] found = [.. rule.Check(view)];
        Assert.Equal(expected, found.Select(v => (v.Item, v.Amount)));
        Assert.Equal(expected.Sum(e => e.Amount), model.Requirements.Where(r => ReferenceEquals(r.Source, rule)).Sum(r => TermReader.Amount(r.Term, view)));
        return found;
    }

    /// <summary>Proves the value of an objective, by looking and by its terms.</summary>
    public static void IsWorth(long value, Objective objective, PlacementView view)
    {
        PlacementModel model = new PlacementProblem(view.Cluster) { Objectives = [objective] }.Compile();
        Assert.Equal(value, objective.Value(view));
        Assert.Equal(value, model.Goals.Where(g => g.Level == 1).Sum(g => TermReader.Amount(g.Term, view)));
    }

    /// <summary>Proves that input is refused in the words given, with advice on a line of its own.</summary>
    public static void Refuses(Action action, params string[] words)
    {
        string message = Assert.Throws<InvalidInputException>(action).Message;
        foreach (string word in words) Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.Matches("^[^\n]+\\.\nMaybe [^\n]+$", message);
    }

    /// <summary>Proves that a rule is refused for a cluster.</summary>
    public static void Refuses(Constraint rule, ClusterSnapshot cluster, params string[] words) =>
        Refuses(new PlacementProblem(cluster) { Constraints = [rule] }.Validate, words);

    /// <summary>Proves that an objective is refused for a cluster.</summary>
    public static void Refuses(Objective objective, ClusterSnapshot cluster, params string[] words) =>
        Refuses(new PlacementProblem(cluster) { Objectives = [objective] }.Validate, words);
}
