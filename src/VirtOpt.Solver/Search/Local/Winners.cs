namespace VirtOpt.Solver.Search.Local;

/// <summary>
/// Threads that anneal the same problem apart meet now and then, and all go on from the best placement among theirs: what one got stuck with late is given
/// up for what another found ("go with the winners", Aldous and Vazirani 1994). They do not meet while it is hot: there a placement is soon forgotten anyway.
/// </summary>
internal sealed class Winners : IDisposable
{
    /// <summary>Shares of the annealing after which they meet.</summary>
    private static readonly double[] Meetings = [0.5, 0.6, 0.7, 0.8, 0.9];
    private readonly IReadOnlyList<SearchWorker> workers;
    private readonly int[] met;
    private readonly bool[] isHere;
    private readonly Place[] best;
    private readonly Barrier barrier;
    private int winner;

    /// <param name="workers">The threads' searches; all take part until they leave.</param>
    /// <param name="vms">Number of VMs.</param>
    public Winners(IReadOnlyList<SearchWorker> workers, int vms)
    {
        (this.workers, met, isHere, best) = (workers, new int[workers.Count], new bool[workers.Count], new Place[vms]);
        barrier = new Barrier(workers.Count, _ => Choose());
    }

    /// <summary>Waits for the others if it is time to meet, and follows the best of all.</summary>
    /// <param name="thread">The thread that calls.</param>
    /// <param name="done">Share of the annealing that is done.</param>
    public void MeetAt(int thread, double done)
    {
        if (met[thread] >= Meetings.Length || done < Meetings[met[thread]]) return;
        met[thread]++;
        isHere[thread] = true;
        barrier.SignalAndWait();
        if (thread != winner) workers[thread].State.Follow(best);
    }

    /// <summary>Nobody waits for a thread any more.</summary>
    public void Leave() => barrier.RemoveParticipant();

    /// <inheritdoc/>
    public void Dispose() => barrier.Dispose();

    /// <summary>Runs while all who take part wait. Who has left goes on elsewhere, so its placement is not looked at.</summary>
    private void Choose()
    {
        if (Array.IndexOf(isHere, true) < 0) return; // the last has left
        winner = Enumerable.Range(0, workers.Count).Where(thread => isHere[thread]).MinBy(thread => workers[thread].State.Recount());
        workers[winner].State.Places.CopyTo(best);
        Array.Clear(isHere);
    }
}
