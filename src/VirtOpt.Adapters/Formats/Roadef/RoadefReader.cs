namespace VirtOpt;

/// <summary>
/// Reads the two files of an instance of the ROADEF/EURO 2012 challenge: resources, machines, services, processes, balances, weights; then the start.
/// </summary>
internal sealed class RoadefReader
{
    /// <summary>Label of the hosts: neighbourhood.</summary>
    public const string Neighbourhood = "neighbourhood";

    /// <summary>Label of the hosts: location.</summary>
    public const string Location = "location";

    private const long MostAmount = 1_000_000_000_000;
    private const long MostWeight = 1_000_000_000;
    private const int MostResources = 64;
    private const int MostMachines = 100_000;
    private const int MostProcesses = 10_000_000;
    private readonly NumberReader model;
    private readonly List<Dimension> dimensions = [];
    private readonly List<Objective> objectives = [];
    private readonly List<Host> hosts = [];
    private readonly List<VirtualMachine> vms = [];
    private readonly List<long[]> prices = [];
    private readonly List<(int SpreadMin, int[] DependsOn)> services = [];
    private readonly List<int> serviceOf = [];

    private RoadefReader(NumberReader model) => this.model = model;

    /// <summary>Reads an instance.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="assignmentPath">The file with the start.</param>
    public static (ClusterSnapshot Cluster, Policy Policy) Read(string modelPath, string assignmentPath)
    {
        using NumberReader model = new(modelPath);
        RoadefReader reader = new(model);
        reader.Resources();
        reader.Machines();
        reader.Services();
        reader.Processes(Assignment(assignmentPath, reader.hosts.Count));
        reader.Balances();
        reader.MoveWeights();
        model.End();
        return reader.Build(modelPath, assignmentPath);
    }

    /// <summary>Reads an assignment: the machine of each process.</summary>
    public static List<int> Assignment(string path, int machines)
    {
        using NumberReader reader = new(path);
        List<int> assignment = [];
        while (reader.TryNextInt($"the machine of process {assignment.Count}", machines - 1, out int machine)) assignment.Add(machine);
        return assignment;
    }

    private void Resources()
    {
        int count = model.NextInt("the number of resources", 1, MostResources);
        for (int r = 0; r < count; r++)
        {
            bool isTransient = model.Next($"whether resource {r} is transient", 0, 1) == 1;
            dimensions.Add(new Dimension($"r{r}", "unit", isTransient));
            AddObjective(new SafetyLoad($"r{r}", model.Next($"the load weight of resource {r}", 0, MostWeight)));
        }
    }

    private void Machines()
    {
        int count = model.NextInt("the number of machines", 1, MostMachines);
        for (int m = 0; m < count; m++)
        {
            int neighbourhood = model.NextInt($"the neighbourhood of machine {m}", 0, int.MaxValue);
            int location = model.NextInt($"the location of machine {m}", 0, int.MaxValue);
            hosts.Add(new Host
            {
                Name = $"m{m}",
                Labels = new Dictionary<string, string> { [Neighbourhood] = $"n{neighbourhood}", [Location] = $"l{location}" },
                Capacity = Amounts($"a capacity of machine {m}"),
                Safety = Amounts($"a safety capacity of machine {m}"),
            });
            prices.Add(model.Row($"a cost of moving from machine {m}", count, MostAmount));
            if (prices[m][m] != 0)
                throw model.Refuse($"the cost of moving from machine {m} to itself is ({prices[m][m]}); expected 0", "the number of machines is wrong.");
        }
    }

    private void Services()
    {
        int count = model.NextInt("the number of services", 0, MostProcesses);
        for (int s = 0; s < count; s++)
        {
            int spread = model.NextInt($"the least spread of service {s}", 0, int.MaxValue);
            int[] dependsOn = new int[model.NextInt($"the number of services that service {s} depends on", 0, count)];
            for (int i = 0; i < dependsOn.Length; i++) dependsOn[i] = model.NextInt($"a service that service {s} depends on", 0, count - 1);
            services.Add((spread, dependsOn));
        }
    }

    private void Processes(List<int> assignment)
    {
        int count = model.NextInt("the number of processes", 0, MostProcesses);
        if (count != assignment.Count)
            throw model.Refuse(
                $"the model has {count} processes; the assignment has {assignment.Count}", "the two files belong to different instances, or one was cut off.");
        for (int p = 0; p < count; p++)
        {
            serviceOf.Add(model.NextInt($"the service of process {p}", 0, services.Count - 1));
            vms.Add(new VirtualMachine
            {
                Name = $"p{p}",
                Start = new Place(new HostId(assignment[p])),
                Demand = Amounts($"a requirement of process {p}"),
                MigrationCost = model.Next($"the move cost of process {p}", 0, MostAmount),
            });
        }
    }

    private void Balances()
    {
        int count = model.NextInt("the number of balances", 0, MostResources * MostResources);
        for (int b = 0; b < count; b++)
        {
            int first = model.NextInt($"the first resource of balance {b}", 0, dimensions.Count - 1);
            int second = model.NextInt($"the second resource of balance {b}", 0, dimensions.Count - 1);
            long target = model.Next($"the target of balance {b}", 0, 100_000);
            AddObjective(new BalancedRoom($"r{first}", $"r{second}", target, model.Next($"the weight of balance {b}", 0, MostWeight)));
        }
    }

    private void MoveWeights()
    {
        AddObjective(new Migrations(MigrationMeasure.Cost, model.Next("the weight of process move costs", 0, MostWeight)));
        AddObjective(new LargestGroupMoves(null, model.Next("the weight of service move costs", 0, MostWeight)));
        AddObjective(new HostToHostCost(new HostMatrix(prices), model.Next("the weight of machine move costs", 0, MostWeight)));
        if (services.Count == 0) objectives.RemoveAll(o => o is LargestGroupMoves);
    }

    private (ClusterSnapshot Cluster, Policy Policy) Build(string modelPath, string assignmentPath)
    {
        VmGroup[] groups = [.. Groups()];
        try
        {
            ClusterSnapshot cluster = new(dimensions, hosts, vms, groups, name: Path.GetFileName(modelPath));
            return (cluster, new Policy([.. Rules(groups)], objectives));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{modelPath}, {assignmentPath}: {e.Message}", e);
        }
    }

    private IEnumerable<VmGroup> Groups()
    {
        List<VmId>[] members = [.. services.Select(_ => new List<VmId>())];
        for (int p = 0; p < serviceOf.Count; p++) members[serviceOf[p]].Add(new VmId(p));
        return members.Select((list, s) => new VmGroup($"s{s}", list));
    }

    /// <summary>
    /// Rules that cannot be broken are left out: processes alone in their service, a spread over one location, services without processes. Capacity is
    /// asked for at the end only: the challenge's moves happen at once, and transient resources stand for the room that they need.
    /// </summary>
    private IEnumerable<Constraint> Rules(VmGroup[] groups)
    {
        yield return new Capacity { Continuous = false };
        for (int s = 0; s < groups.Length; s++)
        {
            if (groups[s].Members.Count == 0) continue;
            if (groups[s].Members.Count > 1) yield return new AntiAffinity(groups[s]);
            if (services[s].SpreadMin > 1) yield return new Spread(groups[s], Location, services[s].SpreadMin);
            foreach (int on in services[s].DependsOn.Distinct())
                if (on != s) yield return new Dependency(groups[s], groups[on], Neighbourhood);
        }
    }

    private ResourceVector Amounts(string what) => ResourceVector.Create(model.Row(what, dimensions.Count, MostAmount));

    private void AddObjective(Objective objective)
    {
        if (objective.Weight > 0) objectives.Add(objective);
    }
}
