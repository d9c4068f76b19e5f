namespace VirtOpt.Cli.Benchmarking;

/// <summary>Reads suites.</summary>
internal static class SuiteFile
{
    /// <summary>Reads a suite.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or makes no sense; the message names file, place, value and expectation.</exception>
    public static Suite Read(string path)
    {
        SuiteDraft draft = new();
        JsonCursor.ReadFile(path, SuiteDraft.Fields, draft);
        SuiteCase[] cases = [.. draft.Cases.Select(c => c.ToCase(draft, path))];
        if (cases.Length == 0) throw InvalidInputException.Because($"{path}: the suite ({draft.Name}) has no case.", "the array (cases) was not filled.");
        foreach (IGrouping<(string Instance, string Setting), SuiteCase> twice in cases.GroupBy(c => (c.Instance, c.Setting)).Where(g => g.Count() > 1))
            throw InvalidInputException.Because(
                $"{path}: the case ({twice.Key.Instance}, {twice.Key.Setting}) is there {twice.Count()} times; expected each instance and setting once.",
                "several seeds or time limits were meant, or the field (setting) tells the cases apart.");
        return new Suite(draft.Name, draft.About, draft.Sources, cases);
    }
}
