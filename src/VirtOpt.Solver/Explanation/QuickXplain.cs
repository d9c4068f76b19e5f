namespace VirtOpt.Solver.Explanation;

/// <summary>Minimal conflicts by divide and conquer (Junker, "QuickXplain", AAAI 2004, p. 169).</summary>
internal static class QuickXplain
{
    /// <summary>A subset of the items that is infeasible while each of its proper subsets is feasible.</summary>
    /// <param name="items">Items that are infeasible together.</param>
    /// <param name="isInfeasible">Whether items are infeasible together; false where that could not be found out.</param>
    public static IReadOnlyList<T> Minimise<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> isInfeasible)
    {
        if (items.Count == 0 || isInfeasible([])) return [];
        return Split([], hasNew: false, items, isInfeasible);
    }

    private static IReadOnlyList<T> Split<T>(IReadOnlyList<T> background, bool hasNew, IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> isInfeasible)
    {
        if (hasNew && isInfeasible(background)) return [];
        if (items.Count == 1) return items;
        int half = items.Count / 2;
        T[] first = [.. items.Take(half)];
        T[] second = [.. items.Skip(half)];
        IReadOnlyList<T> ofSecond = Split([.. background, .. first], hasNew: true, second, isInfeasible);
        IReadOnlyList<T> ofFirst = Split([.. background, .. ofSecond], ofSecond.Count > 0, first, isInfeasible);
        return [.. ofFirst, .. ofSecond];
    }
}
