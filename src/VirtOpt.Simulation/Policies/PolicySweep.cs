namespace VirtOpt.Simulation;

/// <summary>Words that stand for several policies: <c>virtopt:risk=0.01/0.05,every=12/24</c> is every combination of the values between slashes.</summary>
public static class PolicySweep
{
    /// <summary>Most policies of one word.</summary>
    public const int Most = 1000;

    /// <summary>The policies of a word, one word each, the last parameter changing first.</summary>
    /// <exception cref="InvalidInputException">There are too many.</exception>
    public static IReadOnlyList<string> Expand(string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return [word];
        List<string> all = [word[..(colon + 1)]];
        bool isFirst = true;
        foreach (string part in word[(colon + 1)..].Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = (isFirst ? "" : ",") + part[..(equals + 1)];
            string[] values = part[(equals + 1)..].Split('/');
            if ((long)all.Count * values.Length > Most)
                throw InvalidInputException.Because($"The policy ({word}) stands for more than {Most} settings.", "fewer values do.");
            all = [.. all.SelectMany(begun => values.Select(value => begun + name + value))];
            isFirst = false;
        }

        return all;
    }
}
