using System.Globalization;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>What tells one run of a suite from the others.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Setting">What was asked for, in words.</param>
/// <param name="Seed">Seed of the solve.</param>
/// <param name="Limit">Time limit in seconds.</param>
/// <param name="Threads">Threads used.</param>
internal sealed record RunKey(string Instance, string Setting, long Seed, long Limit, long Threads)
{
    /// <summary>The problem, whoever solves it.</summary>
    public string Problem => $"{Instance}, {Setting}";

    /// <summary>How the problem was solved.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"{Limit} s, seed {Seed}, {Threads} thread{(Threads == 1 ? "" : "s")}");
}
