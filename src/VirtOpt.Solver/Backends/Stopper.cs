namespace VirtOpt.Solver.Backends;

/// <summary>
/// Stops a native solver when a token is cancelled. A stop that comes before the solver has started is lost, so it is repeated until the
/// solver has returned.
/// </summary>
internal sealed class Stopper : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource returned = new();
    private readonly CancellationTokenRegistration registration;
    private readonly Action stop;
    private readonly Lock turn = new();
    private Task repeating = Task.CompletedTask;

    public Stopper(Action stop, CancellationToken token)
    {
        this.stop = stop;
        registration = token.Register(() => repeating = Task.Run(RepeatAsync));
    }

    public void Dispose()
    {
        registration.Dispose();
        lock (turn) returned.Cancel();
        repeating.Wait();
        returned.Dispose();
    }

    private async Task RepeatAsync()
    {
        while (!returned.IsCancellationRequested)
        {
            lock (turn)
                if (!returned.IsCancellationRequested) stop();
            await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
