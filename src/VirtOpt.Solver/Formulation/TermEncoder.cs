namespace VirtOpt.Solver.Formulation;

/// <summary>
/// Writes terms as linear rows. Every amount is under pressure downwards (it is limited or minimised), so one side of each definition is enough;
/// a function under pressure upwards gets the other side.
/// </summary>
/// <param name="rows">The program.</param>
/// <param name="loads">The loads as expressions.</param>
internal sealed class TermEncoder(LinearModel rows, ILoads loads)
{
    private readonly Dictionary<(LoadFamily Family, int Cell), int> used = [];

    /// <summary>An expression for the amount of a term, at least as large as it and equal to it at a minimum.</summary>
    public LinearExpression Amount(Term term) => term switch
    {
        SumTerm sum => SumAmount(sum),
        MaxTerm max => MaxAmount(max),
        ImplyTerm imply => AskingCells(imply).Select(cell => ImplyCell(imply, cell)).Aggregate(new LinearExpression(), (all, cell) => all.Add(cell)),
        FitTerm fit => FitAmount(fit),
        AllowanceTerm allowance => AllowanceAmount(allowance),
        _ => throw new NotSupportedException($"No rows for {term.GetType().Name}."),
    };

    /// <summary>Limits a term to what is tolerated: per cell for terms judged cell by cell, else in all.</summary>
    public void Limit(Term term, IReadOnlyList<long> tolerated)
    {
        switch (term)
        {
            case SumTerm { Outer: Outer.Sum } sum:
                if (loads.CellsOf(sum.Family) is not { Count: > 0 } cells) break;
                foreach (int cell in cells) LimitCell(sum, cell, tolerated[cell]);
                Cover(sum, tolerated);
                break;
            case ImplyTerm imply:
                foreach (int cell in AskingCells(imply)) AtMost(ImplyCell(imply, cell), tolerated[cell]);
                break;
            case AllowanceTerm allowance:
                foreach (int cell in CountedCells(allowance)) AtMost(PartsOf(allowance, cell), allowance.Allowed + tolerated[cell]);
                break;
            default:
                AtMost(Amount(term), tolerated[0]);
                break;
        }
    }

    private void LimitCell(SumTerm term, int cell, long tolerated)
    {
        CellFunction function = term.Functions[cell];
        LinearExpression load = loads[term.Family, cell];
        if (function.LargestWithin(tolerated) is not { } most) AtMost(Function(function, term.Family, cell, down: true), tolerated);
        else if (most < long.MaxValue) AtMost(tolerated == 0 ? WithUse(term.Family, cell, load, most) : load, most);
    }

    /// <summary>
    /// Where a host's use has a variable of its own, a limit of the host only holds if it is used: load ≤ limit·used. The linear relaxation
    /// is far tighter for it.
    /// </summary>
    private LinearExpression WithUse(LoadFamily family, int cell, LinearExpression load, long limit) =>
        UseOfHost(family, cell) is { } use ? new LinearExpression(limit).Add(load).Add(use, -limit) : load;

    private int? UseOfHost(LoadFamily family, int cell)
    {
        if (family.DependsOnStart || loads.HostOf(family, cell) is not { } host || loads.VmCount is not { } count) return null;
        return used.TryGetValue((count, host), out int use) ? use : null;
    }

    /// <summary>
    /// Σ limit·used ≥ total load: together the used hosts hold everything. The rows of the hosts imply it, but solvers round this one row up to
    /// covers that they do not find in the many (Martello and Toth, Knapsack Problems, 1990, ch. 8, on the bound L1).
    /// </summary>
    private void Cover(SumTerm term, IReadOnlyList<long> tolerated)
    {
        if (term.Family.Kind != CellKind.Host || loads.TotalOf(term.Family) is not { } total) return;
        LinearExpression room = new();
        foreach (int cell in loads.CellsOf(term.Family))
        {
            (_, long high) = loads.Range(term.Family, cell);
            high = Math.Min(high, total);
            int count = loads.CountOf(term.Family, cell);
            if (tolerated[cell] == 0 && UseOfHost(term.Family, cell) is { } use) room.Add(use, count * high);
            else room.Add(count * high);
        }

        if (!room.IsConstant && room.Constant < total) rows.AddRow(room, total, long.MaxValue);
    }

    private LinearExpression SumAmount(SumTerm term)
    {
        bool down = term.Outer != Outer.ShortfallBelow;
        LinearExpression sum = new(term.Offset);
        HashSet<int> cells = [.. loads.CellsOf(term.Family)];
        for (int cell = 0; cell < term.Family.CellCount; cell++)
            if (cells.Contains(cell)) sum.Add(Function(term.Functions[cell], term.Family, cell, down), loads.CountOf(term.Family, cell));
            else if (loads.CountOf(term.Family, cell) is > 0 and int count) sum.Add(count * term.Functions[cell].At(loads.Fixed(term.Family, cell)));
        return term.Outer switch
        {
            Outer.ExcessAbove => Positive(new LinearExpression(-term.Limit).Add(sum)),
            Outer.ShortfallBelow => Positive(new LinearExpression(term.Limit).Add(sum, -1)),
            _ => sum,
        };
    }

    private LinearExpression MaxAmount(MaxTerm term)
    {
        List<LinearExpression> values = [];
        foreach (TermPart part in term.Parts)
        {
            HashSet<int> cells = [.. loads.CellsOf(part.Family)];
            for (int cell = 0; cell < part.Family.CellCount; cell++)
                if (loads.CountOf(part.Family, cell) > 0)
                    values.Add(cells.Contains(cell)
                        ? Function(part.Functions[cell], part.Family, cell, down: true)
                        : new LinearExpression(part.Functions[cell].At(loads.Fixed(part.Family, cell))));
        }

        (long least, long most) = (values.Max(v => rows.Range(v).Low), values.Max(v => rows.Range(v).High));
        int largest = rows.AddVariable(least, most);
        foreach (LinearExpression value in values.Where(v => rows.Range(v).High > least)) AtMost(new LinearExpression().Add(value).Add(largest, -1), 0);
        return new LinearExpression().Add(largest, 1);
    }

    /// <summary>The cells where something may ask: by a counted VM, or by a fixed one while what it asks for may go.</summary>
    private IEnumerable<int> AskingCells(ImplyTerm term) => Enumerable.Range(0, term.If.CellCount).Where(cell => loads.Range(term.If, cell).High > 0);

    private LinearExpression ImplyCell(ImplyTerm term, int cell)
    {
        LinearExpression asks = Use(term.If, cell, down: true);
        LinearExpression served = Use(term.Then, cell, down: false);
        return Positive(new LinearExpression().Add(asks).Add(served, -1));
    }

    private LinearExpression AllowanceAmount(AllowanceTerm term)
    {
        LinearExpression sum = new();
        HashSet<int> cells = [.. CountedCells(term)];
        for (int cell = 0; cell < term.CellCount; cell++)
            if (cells.Contains(cell)) sum.Add(Positive(new LinearExpression(-term.Allowed).Add(PartsOf(term, cell))));
            else sum.Add(term.Amount(term.Parts.Sum(part => part.Functions[cell].At(loads.Fixed(part.Family, cell)))));
        return sum;
    }

    private IEnumerable<int> CountedCells(AllowanceTerm term) => term.FamiliesRead().SelectMany(loads.CellsOf).Distinct().Order();

    /// <summary>What the loads of a cell add up to, counted or not.</summary>
    private LinearExpression PartsOf(AllowanceTerm term, int cell)
    {
        LinearExpression sum = new();
        foreach (TermPart part in term.Parts) sum.Add(Function(part.Functions[cell], part.Family, cell, down: true));
        return sum;
    }

    private LinearExpression FitAmount(FitTerm term)
    {
        LinearExpression copies = new();
        HashSet<int> cells = [.. term.Needs.SelectMany(need => loads.CellsOf(need.Family))];
        for (int cell = 0; cell < term.Needs[0].Room.Count; cell++)
            if (cells.Contains(cell)) copies.Add(FitCell(term, cell), loads.CountOf(term.Needs[0].Family, cell));
            else if (loads.CountOf(term.Needs[0].Family, cell) is > 0 and int count) copies.Add(count * term.Copies(cell, loads.Fixed));
        return Positive(new LinearExpression(term.Wanted).Add(copies, -1));
    }

    private LinearExpression FitCell(FitTerm term, int cell)
    {
        long most = term.Needs.Min(need => Math.Max(0, need.Room[cell] - loads.Range(need.Family, cell).Low) / need.Need);
        if (most == 0) return new LinearExpression();
        int copies = rows.AddVariable(0, most);
        bool mayOverflow = term.Needs.Any(need => loads.Range(need.Family, cell).High > need.Room[cell]);
        int fits = mayOverflow ? rows.AddVariable(0, 1) : -1;
        if (mayOverflow) AtMost(new LinearExpression().Add(copies, 1).Add(fits, -most), 0);
        foreach (FitNeed need in term.Needs)
        {
            LinearExpression taken = new LinearExpression().Add(loads[need.Family, cell]).Add(copies, need.Need);
            long over = Math.Max(0, loads.Range(need.Family, cell).High - need.Room[cell]);
            if (over > 0) taken.Add(fits, over);
            AtMost(taken, need.Room[cell] + over);
        }

        return new LinearExpression().Add(copies, 1);
    }

    private LinearExpression Function(CellFunction function, LoadFamily family, int cell, bool down)
    {
        if (down && function.IsStep) return new LinearExpression().Add(IsAbove(family, cell, function.Hinges[0].At), function.Hinges[0].Change);
        LinearExpression value = new LinearExpression().Add(loads[family, cell], function.Slope);
        foreach (Hinge hinge in function.Hinges) value.Add(Above(family, cell, hinge.At, down == hinge.Change > 0), hinge.Change);
        if (function.Jump != 0) value.Add(Use(family, cell, down == function.Jump > 0), function.Jump);
        return value;
    }

    /// <summary>max(0, load - at): at least that under pressure downwards, at most that under pressure upwards.</summary>
    private LinearExpression Above(LoadFamily family, int cell, long at, bool down)
    {
        LinearExpression load = loads[family, cell];
        (long low, long high) = loads.Range(family, cell);
        if (high <= at) return new LinearExpression();
        LinearExpression over = new LinearExpression(-at).Add(load);
        if (low >= at) return over;
        if (down) return Positive(over, high - at);
        int above = rows.AddVariable(0, high - at);
        int isAbove = rows.AddVariable(0, 1);
        AtMost(new LinearExpression(at).Add(load, -1).Add(above, 1).Add(isAbove, at - low), at - low);
        AtMost(new LinearExpression().Add(above, 1).Add(isAbove, -(high - at)), 0);
        return new LinearExpression().Add(above, 1);
    }

    /// <summary>1 if the load is above a limit, under pressure downwards.</summary>
    private LinearExpression IsAbove(LoadFamily family, int cell, long limit)
    {
        (long low, long high) = loads.Range(family, cell);
        if (high <= limit || low > limit) return new LinearExpression(high <= limit ? 0 : 1);
        int above = rows.AddVariable(0, 1);
        AtMost(new LinearExpression().Add(loads[family, cell]).Add(above, limit - high), limit);
        return new LinearExpression().Add(above, 1);
    }

    /// <summary>1 if the load is above 0: at least that under pressure downwards, at most that under pressure upwards.</summary>
    private LinearExpression Use(LoadFamily family, int cell, bool down)
    {
        LinearExpression load = loads[family, cell];
        (long low, long high) = loads.Range(family, cell);
        if (high <= 0) return new LinearExpression();
        if (low > 0) return new LinearExpression(1);
        if (!down)
        {
            int some = rows.AddVariable(0, 1);
            AtMost(new LinearExpression().Add(some, 1).Add(load, -1), 0);
            return new LinearExpression().Add(some, 1);
        }

        if (!used.TryGetValue((family, cell), out int use))
        {
            used[(family, cell)] = use = rows.AddVariable(0, 1);
            foreach (LinearExpression part in loads.PartsOf(family, cell))
                if (rows.Range(part).High is > 0 and long most) AtMost(new LinearExpression().Add(part).Add(use, -most), 0);
        }

        return new LinearExpression().Add(use, 1);
    }

    private LinearExpression Positive(LinearExpression expression, long most = long.MaxValue)
    {
        (long low, long high) = rows.Range(expression);
        high = Math.Min(high, most);
        if (low >= 0) return expression;
        if (high <= 0) return new LinearExpression();
        int positive = rows.AddVariable(0, high);
        AtMost(new LinearExpression().Add(expression).Add(positive, -1), 0);
        return new LinearExpression().Add(positive, 1);
    }

    private void AtMost(LinearExpression expression, long limit)
    {
        if (rows.Range(expression).High > limit) rows.AtMost(expression, limit);
    }
}
