using VirtOpt.Solver.Backends;

namespace VirtOpt.Solver.Tests.Backends;

/// <summary>A native solver that does not return costs its call, not the run.</summary>
public sealed class NativeCallTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public void ACallThatReturnsGivesItsResult() =>
        Assert.Equal(7, NativeCall.Run(Long, _ => 7, 0, TestContext.Current.CancellationToken));

    [Theory, InlineData(-5), InlineData(0)]
    public void ALimitThatIsOverStillGivesWhatComesAtOnce(int seconds) =>
        Assert.Equal(7, NativeCall.Run(TimeSpan.FromSeconds(seconds), _ => 7, 0, TestContext.Current.CancellationToken));

    [Fact]
    public void ACallThatThrowsThrowsWhatItThrew() =>
        Assert.Throws<OverflowException>(() => NativeCall.Run<int>(Long, _ => throw new OverflowException(), 0, TestContext.Current.CancellationToken));

    [Fact]
    public void ACallThatIsLateIsToldToStopAndGivesWhatItHas()
    {
        int Late(CancellationToken stop)
        {
            stop.WaitHandle.WaitOne();
            return 7;
        }

        Assert.Equal(7, NativeCall.Run(Short, Late, 0, TestContext.Current.CancellationToken));
        using CancellationTokenSource user = new(Short);
        Assert.Equal(7, NativeCall.Run(Long, Late, 0, user.Token));
    }

    [Fact]
    public void ACallThatNeverReturnsIsGivenUp()
    {
        using ManualResetEventSlim ended = new();
        int Deaf(CancellationToken stop)
        {
            ended.Wait(CancellationToken.None);
            return 7;
        }

        Assert.Equal(-1, NativeCall.Run(Short, Deaf, -1, TestContext.Current.CancellationToken));
        using CancellationTokenSource user = new(Short);
        Assert.Equal(-1, NativeCall.Run(TimeSpan.MaxValue, Deaf, -1, user.Token));
        ended.Set();
    }
}
