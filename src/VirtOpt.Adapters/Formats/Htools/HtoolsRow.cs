using System.Globalization;

namespace VirtOpt;

/// <summary>A line of a file of htools, split at its bars.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Fields">Its columns.</param>
internal sealed record HtoolsRow(string Path, int Line, string[] Fields)
{
    private const long MostAmount = 1_000_000_000_000;
    private const double MostRatio = 10_000;

    /// <summary>A refusal at a line.</summary>
    public static InvalidInputException Refuse(string path, int line, string problem, string advice) =>
        InvalidInputException.Because($"{path}: line {line}: {problem}.", advice);

    /// <summary>The text of a column; the default if the line ends before it.</summary>
    public string Text(int column, string other = "") => column < Fields.Length ? Fields[column] : other;

    /// <summary>A name, which is not empty.</summary>
    public string Name(int column, string what) =>
        Text(column) is { Length: > 0 } name ? name : throw Refuse($"{what} is empty; expected a name", "a bar is missing or too many.");

    /// <summary>A whole number.</summary>
    public long Whole(int column, string what, long least = 0, string other = "")
    {
        string text = Text(column, other);
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= MostAmount;
        return isNumber ? number : throw Refuse(
            $"{what} is ({text}); expected a whole number within {least} .. {MostAmount}", "a column is missing or too many, or the value is unknown.");
    }

    /// <summary>A number above 0, with or without decimals.</summary>
    public double Ratio(int column, string what, string other = "")
    {
        string text = Text(column, other);
        bool isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        return isNumber && number is > 0 and <= MostRatio ? number : throw Refuse(
            $"{what} is ({text}); expected a number above 0, at most {MostRatio}", "a column is missing or too many.");
    }

    /// <summary>One of a few words.</summary>
    public string OneOf(int column, string what, string other, params string[] words)
    {
        string text = Text(column, other);
        return words.Contains(text) ? text : throw Refuse(
            $"{what} is ({text}); expected one of {string.Join(", ", words.Select(w => $"({w})"))}", "a column is missing or too many.");
    }

    /// <summary>Refuses a line with too few or too many columns.</summary>
    public HtoolsRow WithColumns(string what, int fewest, int most) => Fields.Length >= fewest && Fields.Length <= most ? this : throw Refuse(
        $"a {what} has {Fields.Length} columns; expected {fewest} .. {most}, separated by bars",
        "an empty line is missing or too many: exactly one stands between two sections.");

    /// <summary>A refusal at this line.</summary>
    public InvalidInputException Refuse(string problem, string advice) => Refuse(Path, Line, problem, advice);
}
