namespace VirtOpt.Solver.Backends;

/// <summary>
/// A call of a native solver that may take longer than it was told to, or never return: after its limit and a reserve it is told to stop, and a moment
/// later it is given up. It costs that call and not the run. Nothing can end the thread that it is on, so it is left to itself.
/// </summary>
internal static class NativeCall
{
    private const double ReserveShare = 0.05;
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Makes a call.</summary>
    /// <param name="limit">Time that the solver was told to take at most; a day or more for no limit, below 0 if it is over.</param>
    /// <param name="call">The call; has to stop when its token says so.</param>
    /// <param name="givenUp">What to return if it is given up.</param>
    /// <param name="token">Stops the call early; it has a moment to return what it has.</param>
    public static T Run<T>(TimeSpan limit, Func<CancellationToken, T> call, T givenUp, CancellationToken token)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        CancellationToken stopped = stop.Token;
        Task<T> running = Task.Factory.StartNew(() => call(stopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        TimeSpan told = limit < TimeSpan.Zero ? TimeSpan.Zero : limit;
        TimeSpan patience = told < Longest ? (told * (1 + ReserveShare)) + Reserve : Timeout.InfiniteTimeSpan;
        if (!Ends(running, patience, token)) stop.Cancel();
        return Ends(running, TimeToStop, CancellationToken.None) ? running.GetAwaiter().GetResult() : givenUp;
    }

    private static bool Ends(Task running, TimeSpan patience, CancellationToken token)
    {
        try
        {
            return running.Wait(patience, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return false;
        }
        catch (AggregateException)
        {
            return true; // it ended, with an exception, which is the result
        }
    }
}
