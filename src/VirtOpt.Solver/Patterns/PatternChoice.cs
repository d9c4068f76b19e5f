using VirtOpt.Solver.Backends;
using VirtOpt.Solver.Formulation;

namespace VirtOpt.Solver.Patterns;

/// <summary>How often each column is used.</summary>
internal sealed record PatternUse(Column Column, int Times);

/// <summary>The master problem in whole numbers over a set of columns.</summary>
internal sealed class PatternChoice
{
    private readonly LinearModel rows = new();
    private readonly IReadOnlyList<Column> columns;
    private readonly Dictionary<Column, int> variableOf = new(ReferenceEqualityComparer.Instance);
    private readonly LinearExpression gain = new();
    private readonly LinearExpression migrations = new();

    public PatternChoice(HostGroups groups, IReadOnlyList<Column> columns)
    {
        this.columns = columns;
        LinearExpression[] types = [.. groups.Problem.Types.Select(_ => new LinearExpression())];
        LinearExpression[] cells = [.. groups.Cells.Select(_ => new LinearExpression())];
        LinearExpression[] hosts = [.. groups.Hosts.Select(_ => new LinearExpression())];
        foreach (Column column in columns)
        {
            int times = variableOf[column] = rows.AddVariable(0, column.Most);
            for (int t = 0; t < types.Length; t++) types[t].Add(times, column.Net(t));
            foreach (CellGroup group in column.CellGroups) cells[group.Index].Add(times, 1);
            if (column.Host is { } host) hosts[host.Index].Add(times, 1);
            gain.Add(times, column.Gain);
            migrations.Add(times, column.Migrations);
        }

        foreach (LinearExpression type in types) rows.AddRow(type, 0, 0);
        foreach (CellGroup group in groups.Cells) rows.AtMost(cells[group.Index], group.Cells.Count);
        foreach (HostGroup group in groups.Hosts) rows.AtMost(hosts[group.Index], group.Hosts.Count);
        rows.AtMost(migrations, groups.Problem.MigrationLimit);
    }

    /// <summary>The patterns with the most gain, which is known to be at most a number.</summary>
    /// <param name="template">Limits and seed of the solver.</param>
    /// <param name="most">The most that can be gained: the search ends there.</param>
    public IReadOnlyList<PatternUse>? MostCopies(Func<LinearModel, LinearExpression, LinearJob> template, long most)
    {
        rows.AtMost(gain, most);
        IReadOnlyList<PatternUse>? uses = Minimise(template(rows, new LinearExpression().Add(gain, -1)) with { Target = -most });
        rows.RemoveLastRow();
        return uses;
    }

    /// <summary>The patterns with the fewest migrations that gain a number of copies.</summary>
    /// <param name="template">Limits and seed of the solver.</param>
    /// <param name="copies">The gain.</param>
    /// <param name="fewest">The fewest migrations that there can be: the search ends there.</param>
    public IReadOnlyList<PatternUse>? FewestMigrations(Func<LinearModel, LinearExpression, LinearJob> template, long copies, long fewest)
    {
        rows.AddRow(gain, copies, copies);
        rows.AddRow(migrations, fewest, long.MaxValue);
        IReadOnlyList<PatternUse>? uses = Minimise(template(rows, migrations) with { Target = fewest });
        rows.RemoveLastRow();
        rows.RemoveLastRow();
        return uses;
    }

    /// <summary>Forbids to use all these patterns as often at once.</summary>
    public void Exclude(IReadOnlyList<PatternUse> uses)
    {
        LinearExpression together = new();
        foreach (PatternUse use in uses) together.Add(variableOf[use.Column], 1);
        rows.AtMost(together, uses.Sum(u => u.Times) - 1);
    }

    private PatternUse[]? Minimise(LinearJob job) => MipSolver.Scip.Minimise(job).Values is { } values
        ? [.. columns.Select((column, i) => new PatternUse(column, (int)values[i])).Where(use => use.Times > 0)]
        : null;
}
