using System.Globalization;
using VirtOpt.Forecasting;

namespace VirtOpt.Benchmarks.Forecasting;

/// <summary>
/// What planning by forecasts is worth, and whether the odds that were asked for are kept: the CPU of the Bitbrains VMs on their test days. Every day at
/// midnight the VMs, all of one size, are put on as few hosts of four VMs' CPU as each way of planning allows; then the day is played. Forecasters learn from
/// the days before the first one played.
/// </summary>
internal static class PlanByForecast
{
    private const string Cpu = "cpu";
    private const int Day = 288;
    private const int FirstDay = 21;
    private const int VmsOnHost = 4;
    private const int PartsOfVm = 1000;
    private const int Scenarios = 20;
    private const int Unlimited = 100_000;

    /// <summary>Measures and prints a table.</summary>
    /// <param name="data">Folder of the datasets.</param>
    /// <param name="days">Days to play.</param>
    /// <param name="seconds">Limit of each solve.</param>
    /// <param name="words">Only the ways that contain this.</param>
    public static void Run(string data, int days, double seconds, string words = "")
    {
        DemandHistory all = BitbrainsHistory.Read(Path.Combine(data, "bitbrains-rnd", "rnd-2013-8-odd.tar.gz")).History;
        DemandHistory history = new(all.Name, all.Grid, [.. all.Series.Where(s => s.Dimension.Name == Cpu)]);
        IFittedForecaster auto = new AutoForecaster().Fit(history, FirstDay * Day);
        (string Name, int Overcommit, Func<int, OverloadProbability?> Rule)[] ways =
        [
            ("promised", 100, _ => null),
            ("promised, overcommitted 3 : 1", 300, _ => null),
            ("promised, overcommitted 6 : 1", 600, _ => null),
            ("P95 of each VM, 1 % of slots", Unlimited, origin => new(EachAt(auto, history, origin, 0.95), 10)),
            ("P99 of each VM, 1 % of slots", Unlimited, origin => new(EachAt(auto, history, origin, 0.99), 10)),
            ("scenarios of the last days as they were, 1 % of slots", Unlimited, origin => new(Together(new SeasonalNaive("day", TimeSpan.FromDays(1))
                .Fit(history, FirstDay * Day), history, origin), 10)),
            ("scenarios, 5 % of slots", Unlimited, origin => new(Together(auto, history, origin), 50)),
            ("scenarios, 1 % of slots", Unlimited, origin => new(Together(auto, history, origin), 10)),
            ("scenarios, 0.1 % of slots", Unlimited, origin => new(Together(auto, history, origin), 1)),
        ];
        Console.WriteLine("| Planned by | Hosts | Over their CPU, % of slots | Worst day | Not served, % of demand |\n|---|---:|---:|---:|---:|");
        foreach ((string name, int overcommit, Func<int, OverloadProbability?> rule) in ways.Where(w => w.Name.Contains(words, StringComparison.Ordinal)))
        {
            List<Played> played = [];
            for (int day = 0; day < days; day++)
            {
                int origin = (FirstDay + day) * Day;
                played.Add(Play(history, origin, Place(history, overcommit, rule(origin), seconds)));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {played.Average(p => p.Hosts):0.0} | {100.0 * played.Sum(p => p.Over) / played.Sum(p => p.Hosts * (double)Day):0.00} "
                + $"| {100 * played.Max(p => p.Over / (p.Hosts * (double)Day)):0.00} "
                + $"| {100 * played.Sum(p => p.Unserved) / played.Sum(p => p.Asked):0.000} |"));
        }
    }

    private static DemandForecast EachAt(IFittedForecaster fitted, DemandHistory history, int origin, double quantile) => PlanningDemand.AtQuantile(
        fitted.Forecast(history, origin, Horizon.Day), Cpu, [.. history.Series.Select(s => s.Vm)], quantile, Units(history), 32).Forecast;

    private static DemandForecast Together(IFittedForecaster fitted, DemandHistory history, int origin) => PlanningDemand.OfScenarios(
        JointScenarios.Sample(fitted, history.Series, history.Grid, origin, Horizon.Day, ScenarioSettings.For(history.Grid, origin, Day, Scenarios, 1)),
        Units(history),
        32).Forecast;

    /// <summary>Parts of a VM in a per cent of it.</summary>
    private static double[] Units(DemandHistory history) => [.. history.Series.Select(_ => PartsOfVm / 100.0)];

    private static Placement Place(DemandHistory history, int overcommit, OverloadProbability? rule, double seconds)
    {
        int hosts = (history.Series.Count + VmsOnHost - 1) / VmsOnHost;
        ClusterSnapshot cluster = new(
            [new("cpu", "thousandth")],
            [.. Enumerable.Range(0, hosts).Select(h => new Host { Name = $"h{h}", Capacity = [VmsOnHost * PartsOfVm], OvercommitPercent = [overcommit] })],
            [.. history.Series.Select((s, i) => new VirtualMachine { Name = s.Vm, Demand = [PartsOfVm], Start = new Place(new HostId(i % hosts)) })]);
        PlacementProblem problem = new(cluster) { Constraints = rule is null ? [] : [rule], Objectives = [new ActiveHosts()] };
        PlacementSolution solution = new PlacementSolver().Solve(problem, new MaxRuntime(TimeSpan.FromSeconds(seconds)));
        return solution.Placement ?? throw new InvalidOperationException($"No placement: {solution.Status}.");
    }

    private static Played Play(DemandHistory history, int origin, Placement placement)
    {
        ILookup<HostId, int> vmsOn = Enumerable.Range(0, placement.Count).ToLookup(vm => placement[new VmId(vm)].Host);
        (int over, double unserved, double asked) = (0, 0, 0);
        foreach (IGrouping<HostId, int> host in vmsOn)
            for (int slot = origin; slot < origin + Day; slot++)
            {
                double load = host.Sum(vm => history.Series[vm].Filled[slot] is >= 0 and var use ? use : 0.0);
                asked += load;
                unserved += Math.Max(0, load - (100 * VmsOnHost));
                over += load > 100 * VmsOnHost ? 1 : 0;
            }

        return new Played(vmsOn.Count, over, unserved, asked);
    }

    /// <summary>What came of a day.</summary>
    /// <param name="Hosts">Hosts in use.</param>
    /// <param name="Over">Slots in which a host was over its capacity, summed over hosts.</param>
    /// <param name="Unserved">Demand above capacity.</param>
    /// <param name="Asked">Demand.</param>
    private sealed record Played(int Hosts, int Over, double Unserved, double Asked);
}
