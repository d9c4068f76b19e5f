using System.Globalization;

namespace VirtOpt.Simulation;

/// <summary>A number, or one of a few words, that a policy takes.</summary>
/// <param name="Name">Its name, for <c>name=value</c>.</param>
/// <param name="Usual">Its value if it is not given.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Zero">True if it may be 0.</param>
/// <param name="Whole">True if it is a whole number.</param>
/// <param name="Words">The words that it may be; its value is the position of one. Null for a number.</param>
public sealed record PolicyParameter(
    string Name, double Usual, string Summary, bool Zero = false, bool Whole = false, IReadOnlyList<string>? Words = null)
{
    /// <summary>How its usual value is typed.</summary>
    public string UsualText => Words?[(int)Usual] ?? Usual.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a value.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="policy">The policy, for the message.</param>
    /// <exception cref="InvalidInputException">It is no such number.</exception>
    internal double Parse(string text, PolicyEntry policy)
    {
        if (Words is not null)
        {
            for (int i = 0; i < Words.Count; i++)
                if (Words[i] == text)
                    return i;
            throw InvalidInputException.Because(
                $"The parameter ({Name}={text}) of the policy ({policy.Name}) is not a word that it takes.",
                $"one of these was meant: {string.Join(", ", Words)}.");
        }

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
