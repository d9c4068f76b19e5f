namespace VirtOpt;

/// <summary>
/// Input that VirtOpt cannot accept. The message names the item, its value and what was expected; a second line that begins with "Maybe"
/// says what to do.
/// </summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>Creates the error.</summary>
    public InvalidInputException() : this("The input is not valid.") { }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong: item, value, expectation.</param>
    public InvalidInputException(string message) : base(message) { }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong: item, value, expectation.</param>
    /// <param name="innerException">What lies below.</param>
    public InvalidInputException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the error with advice on a line of its own.</summary>
    /// <param name="problem">What is wrong: item, value, expectation.</param>
    /// <param name="advice">What to do, without the leading "Maybe".</param>
    public static InvalidInputException Because(string problem, string advice) => new($"{problem}\nMaybe {advice}");
}
