using System.Globalization;

namespace VirtOpt.Simulation;

/// <summary>A number that a policy takes.</summary>
/// <param name="Name">Its name, for <c>name=value</c>.</param>
/// <param name="Usual">Its value if it is not given.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Zero">True if it may be 0.</param>
/// <param name="Whole">True if it is a whole number.</param>
public sealed record PolicyParameter(string Name, double Usual, string Summary, bool Zero = false, bool Whole = false)
{
    /// <summary>Reads a value.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="policy">The policy, for the message.</param>
    /// <exception cref="InvalidInputException">It is no such number.</exception>
    internal double Parse(string text, PolicyEntry policy)
    {
        bool isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        if (isNumber && (value > 0 || (Zero && value == 0)) && (!Whole || (value == Math.Floor(value) && value <= int.MaxValue))) return value;
        string expected = (Whole ? "a whole number" : "a number") + (Zero ? " of at least 0" : " above 0");
        string shown = policy.Parameters.Count == 1 ? text : $"{Name}={text}";
        throw InvalidInputException.Because(
            $"The parameter ({shown}) of the policy ({policy.Name}) is not {expected}.", $"write {PolicyCatalogue.Usage(policy)}.");
    }
}

/// <summary>The parameters of a policy as asked for.</summary>
/// <param name="values">Values by name.</param>
public sealed class PolicyValues(IReadOnlyDictionary<string, double> values)
{
    /// <summary>The value of a parameter.</summary>
    public double this[string name] => values[name];

    /// <summary>The value of a parameter that is a whole number.</summary>
    public int Whole(string name) => (int)values[name];
}
