using System.CommandLine;
using System.Globalization;

namespace VirtOpt.Cli;

/// <summary>Options that hold numbers, with messages that say what was expected.</summary>
internal static class Numbers
{
    /// <summary>An option that holds a whole number from a range.</summary>
    public static Option<long?> Whole(string name, string helpName, string description, long least, long most)
    {
        Option<long?> option = new(name) { Description = description, HelpName = helpName };
        option.CustomParser = argument =>
        {
            string word = argument.Tokens.Count == 0 ? "" : argument.Tokens[0].Value;
            if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
                return value;
            argument.AddError(Refusal(name, word, $"a whole number within {least} .. {most}"));
            return null;
        };
        return option;
    }

    /// <summary>An option that holds a number above 0.</summary>
    public static Option<double?> Positive(string name, string helpName, string description, double most)
    {
        Option<double?> option = new(name) { Description = description, HelpName = helpName };
        option.CustomParser = argument =>
        {
            string word = argument.Tokens.Count == 0 ? "" : argument.Tokens[0].Value;
            const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
            if (double.TryParse(word, Plain, CultureInfo.InvariantCulture, out double value) && value > 0 && value <= most) return value;
            argument.AddError(Refusal(name, word, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and up to {most}")));
            return null;
        };
        return option;
    }

    /// <summary>An option that holds a share in per cent, to a tenth, as thousandths.</summary>
    public static Option<int?> PerMille(string name, string description)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "PERCENT" };
        option.CustomParser = argument =>
        {
            string word = argument.Tokens.Count == 0 ? "" : argument.Tokens[0].Value;
            if (decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
                && value is >= 0 and <= 100 && value * 10 == decimal.Truncate(value * 10)) return (int)(value * 10);
            argument.AddError(Refusal(name, word, "a number within 0 .. 100 with at most one decimal"));
            return null;
        };
        return option;
    }

    private static string Refusal(string name, string word, string expected) =>
        $"The value ({word}) of {name} is not {expected}.\nMaybe the unit was written behind the number: leave it out.";
}
