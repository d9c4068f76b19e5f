namespace VirtOpt.Core.Tests;

/// <summary>Fits to executed migrations: what made them is found again, through noise and strange values, and bad histories are refused.</summary>
public sealed class TransferCalibrationTests
{
    private static readonly TransferModel Prior = new();

    [Theory]
    [InlineData(9000, 4, 20)]
    [InlineData(1200, 0.5, 8)]
    [InlineData(25000, 11, 300)]
    public void The_parameters_that_made_a_history_are_found_again(double bandwidth, double overhead, double dirtyRate)
    {
        TransferModel truth = Prior with { Bandwidth = bandwidth, Overhead = overhead, DirtyRate = dirtyRate };
        TransferFit fit = TransferCalibration.Fit(History(truth, new Random(1), 60, noise: 0), Prior);
        Assert.Equal(bandwidth, fit.Model.Bandwidth, bandwidth * 0.001);
        Assert.Equal(overhead, fit.Model.Overhead, 0.01 + (overhead * 0.01));
        Assert.Equal(dirtyRate, fit.Model.DirtyRate, 1 + (dirtyRate * 0.03));
        Assert.True(fit is { HasOverhead: true, HasDirtyRate: true, Outliers: 0, Used: 60 });
        Assert.True(fit.After.Ninetieth < 0.02 && fit.After.Median < fit.Before.Median && fit.Unseen!.Value.Median < 0.02);
    }

    [Fact]
    public void A_fifth_of_strange_migrations_does_not_spoil_the_fit()
    {
        TransferModel truth = Prior with { Bandwidth = 8000, Overhead = 5 };
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            List<ExecutedMigration> history = History(truth, random, 100, noise: 0.05);
            for (int i = 0; i < history.Count; i += 5) history[i] = history[i] with { Seconds = history[i].Seconds * random.Next(4, 20) };
            TransferFit fit = TransferCalibration.Fit(history, Prior);
            Assert.InRange(fit.Model.Bandwidth, 7000, 9000);
            Assert.InRange(fit.Model.Overhead, 2, 9);
            Assert.InRange(fit.Outliers, 15, 25);
            Assert.True(fit.After.Median < 0.08, $"Seed {seed}: {fit.After.Median}");
        }
    }

    [Fact]
    public void Without_what_was_moved_the_dirty_rate_stays_and_with_equal_sizes_the_overhead_does()
    {
        TransferModel truth = Prior with { Bandwidth = 7000, Overhead = 6 };
        TransferFit times = TransferCalibration.Fit([.. History(truth, new Random(2), 40, 0).Select(m => m with { MovedMiB = null })], Prior);
        Assert.Equal(7000, times.Model.Bandwidth, 10.0);
        Assert.Equal(6, times.Model.Overhead, 0.05);
        Assert.False(times.HasDirtyRate);
        Assert.Equal(Prior.DirtyRate, times.Model.DirtyRate);
        ExecutedMigration one = History(truth, new Random(3), 1, 0)[0];
        TransferFit equal = TransferCalibration.Fit([.. Enumerable.Repeat(one with { MovedMiB = null }, 12)], Prior);
        Assert.False(equal.HasOverhead);
        Assert.Equal(Prior.Overhead, equal.Model.Overhead);
        Assert.Equal(one.Seconds, equal.Model.Estimate(one.MemoryMiB, new VmTransfer(), TransferMode.PreCopy).Seconds, one.Seconds * 0.01);
    }

    [Fact]
    public void Compression_post_copy_and_disks_are_taken_into_account()
    {
        TransferModel truth = Prior with { Bandwidth = 4000, Overhead = 3, Compression = 2 };
        List<ExecutedMigration> history = History(truth, new Random(4), 50, 0, TransferMode.PostCopy);
        history.AddRange(History(truth, new Random(5), 3, 0, TransferMode.Cold));
        TransferFit fit = TransferCalibration.Fit(history, Prior with { Compression = 2 });
        Assert.Equal((50, 3, false), (fit.Used, fit.PassedOver, fit.HasDirtyRate));
        Assert.Equal(4000, fit.Model.Bandwidth, 5.0);
        Assert.Equal(3, fit.Model.Overhead, 0.05);
    }

    [Fact]
    public void Histories_that_tell_nothing_are_refused()
    {
        List<ExecutedMigration> few = History(Prior, new Random(6), 4, 0);
        Assert.Contains("at least 5", Assert.Throws<InvalidInputException>(() => TransferCalibration.Fit(few, Prior)).Message, StringComparison.Ordinal);
        List<ExecutedMigration> falling =
            [.. Enumerable.Range(1, 20).Select(i => new ExecutedMigration { MemoryMiB = 1000 * i, MovedMiB = 1000 * i, Seconds = 100 - i })];
        Assert.Contains("do not grow", Assert.Throws<InvalidInputException>(() => TransferCalibration.Fit(falling, Prior)).Message, StringComparison.Ordinal);
        foreach (ExecutedMigration bad in (ExecutedMigration[])[
            few[0] with { MemoryMiB = 0 }, few[0] with { Seconds = double.NaN }, few[0] with { MovedMiB = -1 }, few[0] with { DowntimeSeconds = 1e6 }])
            Assert.Contains("Maybe", Assert.Throws<InvalidInputException>(() => bad.Validate("line 3")).Message, StringComparison.Ordinal);
    }

    private static List<ExecutedMigration> History(TransferModel truth, Random random, int count, double noise, TransferMode mode = TransferMode.PreCopy) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            double memory = 1024 * random.Next(1, 128);
            double disk = random.Next(4) == 0 ? 1024 * random.Next(1, 50) : 0;
            TransferEstimate taken = truth.Estimate(memory, new VmTransfer { DiskMiB = disk }, mode);
            return new ExecutedMigration
            {
                MemoryMiB = memory,
                DiskMiB = disk,
                Mode = mode,
                MovedMiB = taken.MovedMiB,
                Seconds = taken.Seconds * Math.Exp(noise * ((2 * random.NextDouble()) - 1)),
            };
        })];
}
