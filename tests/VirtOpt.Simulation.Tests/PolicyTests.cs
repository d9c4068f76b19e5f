namespace VirtOpt.Simulation.Tests;

public sealed class PolicyTests
{
    public static TheoryData<string> Names => [.. PolicyCatalogue.Entries.Select(e => e.Name)];

    [Fact]
    public void Quartiles_are_taken_at_rounded_ranks() => Assert.Equal(7, InterquartileRule.Range([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]));

    [Fact]
    public void Deviation_is_the_median_of_distances_to_the_median()
    {
        Assert.Equal(1, MedianDeviationRule.Deviation([9, 1, 1, 6, 2, 4, 2]));
        Assert.Equal(1.5, MedianDeviationRule.Deviation([1, 2, 4, 6]));
    }

    [Fact]
    public void A_line_is_prolonged() => Assert.Equal(1.1, LocalRegressionRule.Predict([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], 1), 12);

    [Fact]
    public void Regression_looks_ahead_and_the_threshold_does_not()
    {
        HostDraft rising = Tiny.Draft(Tiny.Host, [Tiny.WithHistory(0.79, 0.74, 0.69, 0.64, 0.59, 0.54, 0.49, 0.44, 0.39, 0.34)]);
        Assert.True(new LocalRegressionRule(1.2).IsOverloaded(rising));
        Assert.False(new LocalRegressionRule(1.1).IsOverloaded(rising));
        Assert.False(new ThresholdRule(0.8).IsOverloaded(rising));
        Assert.True(new ThresholdRule(0.8).IsOverloaded(rising, Tiny.Asking(20)));
    }

    [Fact]
    public void Adaptive_rules_hold_70_percent_while_the_past_is_short()
    {
        foreach (IOverloadRule rule in (IOverloadRule[])[new InterquartileRule(1.5), new MedianDeviationRule(2.5), new LocalRegressionRule(1.2)])
        {
            Assert.True(rule.IsOverloaded(Tiny.Draft(Tiny.Host, [Tiny.WithHistory(0.71, 0.1)])));
            Assert.False(rule.IsOverloaded(Tiny.Draft(Tiny.Host, [Tiny.WithHistory(0.69, 0.1)])));
        }
    }

    [Fact]
    public void Adaptive_thresholds_fall_with_the_spread()
    {
        // Quarters at 0.3 and 0.6, so the threshold is 1 - 1.5 x 0.3 = 0.55; the deviation is 0.15, so 1 - 2.5 x 0.15 = 0.625.
        double[] past = [0.6, 0.3, 0.6, 0.3, 0.6, 0.3, 0.6, 0.3, 0.6, 0.3, 0.6, 0.3];
        HostDraft draft = Tiny.Draft(Tiny.Host, [Tiny.WithHistory(past)]);
        Assert.True(new InterquartileRule(1.5).IsOverloaded(draft));
        Assert.False(new MedianDeviationRule(2.5).IsOverloaded(draft));
        Assert.True(new MedianDeviationRule(2.5).IsOverloaded(draft, Tiny.Asking(30)));
    }

    [Fact]
    public void The_least_used_host_is_emptied_if_all_its_vms_find_room()
    {
        Simulator simulator = new(Tiny.Trace([0.9, 0.9, 0.9], [0.3, 0.3, 0.3]), Tiny.Centre(2, 2));
        SimulationResult result = simulator.Run(PolicyCatalogue.Create("thr-mmt:0.8"), TestContext.Current.CancellationToken);
        Assert.Equal([2, 0], simulator.Hosts.Select(h => h.Vms.Count));
        Assert.Equal(1, result.Migrations);
    }

    [Fact]
    public void Memory_is_kept_at_migrations_if_asked_for()
    {
        DataCentre centre = new([.. Enumerable.Repeat(Tiny.Host, 2)], [.. Enumerable.Repeat(Tiny.Vm with { RamMiB = 600 }, 2)]);
        foreach (bool enforced in (bool[])[false, true])
        {
            Simulator simulator = new(Tiny.Trace([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]), centre, new SimulationSettings { EnforceMemory = enforced });
            Assert.Equal(enforced ? 0 : 1, simulator.Run(PolicyCatalogue.Create("thr-mmt:0.8"), TestContext.Current.CancellationToken).Migrations);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_policy_runs_and_is_on_the_page(string name)
    {
        double[] use = [.. Enumerable.Range(0, 40).Select(i => (i % 7) / 10.0)];
        DemandTrace trace = Tiny.Trace([use, [.. use.Reverse()], use, use]);
        SimulationResult Run() => new Simulator(trace, Tiny.Centre(4, 4)).Run(PolicyCatalogue.Create(name), TestContext.Current.CancellationToken);
        Assert.Equal(Run(), Run());
        string usage = PolicyCatalogue.Usage(PolicyCatalogue.Entries.Single(e => e.Name == name));
        Assert.Contains($"| `{usage}` |", Data.Page("src/VirtOpt.Simulation/README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_may_stand_for_several_policies()
    {
        Assert.Equal(["none"], PolicySweep.Expand("none"));
        Assert.Equal(["lr-mmt:1", "lr-mmt:1.2"], PolicySweep.Expand("lr-mmt:1/1.2"));
        Assert.Equal(["virtopt:risk=0.01,every=12", "virtopt:risk=0.05,every=12"], PolicySweep.Expand("virtopt:risk=0.01/0.05,every=12"));
        Assert.Throws<InvalidInputException>(() => PolicySweep.Expand("virtopt:risk=" + string.Join('/', Enumerable.Range(1, 1001))));
    }

    [Theory]
    [InlineData("lr", "There is no policy (lr)")]
    [InlineData("none:1", "takes no parameter; found (1)")]
    [InlineData("lr-mmt:", "The parameter () of the policy (lr-mmt) is not a number above 0")]
    [InlineData("lr-mmt:-1", "The parameter (-1)")]
    [InlineData("thr-mmt:0", "The parameter (0)")]
    [InlineData("thr-mmt:Q=1", "has no parameter (Q)")]
    public void Policies_that_cannot_be_are_refused(string word, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => PolicyCatalogue.Create(word)).Message, StringComparison.Ordinal);
}
