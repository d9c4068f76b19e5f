namespace VirtOpt.Cli.Tests.Samples;

/// <summary>The library sample of the README; a test compares the two and runs it.</summary>
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
}
