using System.Numerics;

namespace VirtOpt.Solver.Formulation;

/// <summary>A sum of integer variables with whole coefficients, and a constant.</summary>
internal sealed class LinearExpression
{
    private readonly List<(int Variable, long Coefficient)> terms = [];

    public LinearExpression(long constant = 0) => Constant = constant;

    public long Constant { get; private set; }

    public IReadOnlyList<(int Variable, long Coefficient)> Terms => terms;

    public bool IsConstant => terms.Count == 0;

    /// <summary>What all coefficients are multiples of; 0 if there are none. Values are the constant plus a multiple of it.</summary>
    public long Divisor => terms.Aggregate(0L, (divisor, term) => (long)BigInteger.GreatestCommonDivisor(divisor, term.Coefficient));

    public LinearExpression Add(int variable, long coefficient)
    {
        if (coefficient != 0) terms.Add((variable, coefficient));
        return this;
    }

    public LinearExpression Add(long constant)
    {
        Constant += constant;
        return this;
    }

    public LinearExpression Add(LinearExpression other, long factor = 1)
    {
        if (factor == 0) return this;
        Constant += factor * other.Constant;
        foreach ((int variable, long coefficient) in other.terms) terms.Add((variable, factor * coefficient));
        return this;
    }

    public long ValueAt(ReadOnlySpan<long> values)
    {
        long value = Constant;
        foreach ((int variable, long coefficient) in terms) value += coefficient * values[variable];
        return value;
    }
}

/// <summary>An integer linear program, neutral to solvers: variables with bounds, rows, and an objective that changes from level to level.</summary>
internal sealed class LinearModel
{
    private readonly List<(long Lower, long Upper)> variables = [];
    private readonly List<LinearRow> rows = [];

    public IReadOnlyList<(long Lower, long Upper)> Variables => variables;

    public IReadOnlyList<LinearRow> Rows => rows;

    public int AddVariable(long lower, long upper)
    {
        variables.Add((lower, upper));
        return variables.Count - 1;
    }

    /// <summary>Adds <c>lower ≤ expression ≤ upper</c>; <see cref="long.MinValue"/> and <see cref="long.MaxValue"/> leave a side open.</summary>
    public void AddRow(LinearExpression expression, long lower, long upper) => rows.Add(new LinearRow(expression, lower, upper));

    public void AtMost(LinearExpression expression, long upper) => AddRow(expression, long.MinValue, upper);

    public void RemoveLastRow() => rows.RemoveAt(rows.Count - 1);

    /// <summary>The smallest and the largest value that the bounds of the variables allow.</summary>
    public (long Low, long High) Range(LinearExpression expression)
    {
        (long low, long high) = (expression.Constant, expression.Constant);
        foreach ((int variable, long coefficient) in expression.Terms)
        {
            (long lower, long upper) = variables[variable];
            low += coefficient > 0 ? coefficient * lower : coefficient * upper;
            high += coefficient > 0 ? coefficient * upper : coefficient * lower;
        }

        return (low, high);
    }
}

/// <summary>A row of a <see cref="LinearModel"/>.</summary>
internal readonly record struct LinearRow(LinearExpression Expression, long Lower, long Upper);
