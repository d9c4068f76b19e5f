namespace VirtOpt.Solver.Search.Neighbourhoods;

/// <summary>Hosts at random (random destroy; Pisinger and Ropke 2007, p. 2410).</summary>
internal sealed class RandomHosts : Neighbourhood
{
    public override string Name => "random hosts";

    public override IEnumerable<int> Choose(SolveSession session, Place[] current, Random random) =>
        Shuffled(Available(session), random);
}
