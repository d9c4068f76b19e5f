using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>Broken rules for people.</summary>
internal static class RuleView
{
    private const int Shown = 20;

    /// <summary>Writes the rules that are broken anew.</summary>
    public static void WriteViolations(IAnsiConsole console, IReadOnlyList<BrokenRule> rules)
    {
        if (rules.Count == 0) return;
        console.Heading($"Broken: {Screen.Count(rules.Count, "violation")}");
        WriteRules(console, rules);
    }

    /// <summary>Writes the rules that the start broke and that still are broken.</summary>
    public static void WriteUnrepaired(IAnsiConsole console, IReadOnlyList<BrokenRule> rules)
    {
        if (rules.Count == 0) return;
        console.Heading($"Broken at the start and not repaired: {Screen.Count(rules.Count, "item")}");
        WriteRules(console, rules);
    }

    private static void WriteRules(IAnsiConsole console, IReadOnlyList<BrokenRule> rules)
    {
        Table table = Screen.Table("Rule", "What is broken");
        foreach (BrokenRule rule in rules.Take(Shown))
            table.AddRow(Screen.Plain(rule.Constraint),
                Screen.Plain(rule.AtStart > rule.Amount ? $"{rule.Message} (at the start by {rule.AtStart}, now by {rule.Amount})" : rule.Message));
        console.Write(table);
        if (rules.Count > Shown) console.WriteLine($"  and {Screen.Number(rules.Count - Shown)} more (--json lists all)");
    }
}
