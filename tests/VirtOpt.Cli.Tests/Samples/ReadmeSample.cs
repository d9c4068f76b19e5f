namespace VirtOpt.Cli.Tests.Samples;

/// <summary>The library samples of the README; a test compares them and runs them.</summary>
internal static class ReadmeSample
{
    public static PlacementSolution Run(string file)
    {
        // <sample>
        ClusterSnapshot cluster = FormatCatalogue.Load([file]).Problem.Cluster;
        PlacementProblem problem = new(cluster)
        {
            Constraints = [new Capacity(), new AntiAffinity(cluster.Group("web")), new MigrationLimit(20)],
            Objectives = [new ActiveHosts(Weight: 100), new Migrations(Weight: 1)],
        };

        PlacementSolution solution = new PlacementSolver().Solve(problem, new MaxRuntime(TimeSpan.FromSeconds(30)));
        MigrationPlan plan = new MigrationPlanner().Plan(problem, solution);
        Console.WriteLine($"{solution.Status}, gap {solution.Gap:P1}: {plan.Migrations.Count} migrations in {plan.Waves.Count} waves");
        // </sample>
        return solution;
    }

    public static OnlineAnswer RunOnline(PlacementProblem problem, PlacementSolution solution)
    {
        // <online>
        OnlinePlacer placer = new(problem, solution.Placement!);
        OnlineAnswer answer = placer.Place(new VirtualMachine { Name = "web-9", Demand = [2000, 8192] }, groups: ["web"]);
        Console.WriteLine(answer.IsComplete ? $"web-9 starts on {answer.Placed[0].Host}" : answer.Refused[0].Reason);

        answer = placer.FailHost("esx-01");
        foreach (PlacedVm vm in answer.Placed) Console.WriteLine($"{vm.Vm} restarts on {vm.Host}");
        foreach (RefusedVm vm in answer.Refused) Console.WriteLine($"{vm.Vm} is down. {vm.Reason}");
        // </online>
        placer.Verify();
        return answer;
    }
}
