using System.ComponentModel;
using System.Reflection;

namespace VirtOpt;

/// <summary>A parameter of a constraint or objective: one of the parameters of its record's constructor.</summary>
/// <param name="Name">Name in files, in camel case.</param>
/// <param name="Type">Type of the value.</param>
/// <param name="IsRequired">True if it has no default.</param>
/// <param name="Default">The default; null may be one.</param>
/// <param name="Summary">What it means.</param>
public sealed record CatalogueParameter(string Name, Type Type, bool IsRequired, object? Default, string Summary);

/// <summary>One kind of constraint or objective that users can name.</summary>
/// <typeparam name="T"><see cref="Constraint"/> or <see cref="Objective"/>.</typeparam>
public sealed class CatalogueEntry<T>
    where T : class
{
    private readonly ConstructorInfo constructor;
    private readonly Func<ExampleSource, T> example;

    internal CatalogueEntry(string name, Type type, string summary, Func<ExampleSource, T> example)
    {
        (Name, Type, Summary, this.example) = (name, type, summary, example);
        constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        Parameters = [.. constructor.GetParameters().Select(Describe)];
    }

    /// <summary>Name in files and on the command line.</summary>
    public string Name { get; }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>What it asks for, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Its parameters, in the order of <see cref="Create"/>.</summary>
    public IReadOnlyList<CatalogueParameter> Parameters { get; }

    /// <summary>Makes one from the values of its parameters.</summary>
    public T Create(IReadOnlyList<object?> values) => (T)constructor.Invoke([.. values]);

    /// <summary>The values of the parameters of one.</summary>
    public IReadOnlyList<object?> ValuesOf(T item) => [.. constructor.GetParameters().Select(p => Type.GetProperty(p.Name!)!.GetValue(item))];

    /// <summary>A small random one for a cluster; the tests of the catalogue run on it.</summary>
    public T Example(ClusterSnapshot cluster, Random random) => example(new ExampleSource(cluster, random));

    private static CatalogueParameter Describe(ParameterInfo parameter) => new(
        char.ToLowerInvariant(parameter.Name![0]) + parameter.Name[1..],
        parameter.ParameterType,
        !parameter.HasDefaultValue,
        parameter.HasDefaultValue ? parameter.DefaultValue : null,
        parameter.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "");
}

/// <summary>Random parameters for the examples of the catalogue.</summary>
/// <param name="Cluster">The cluster that the example is for.</param>
/// <param name="Random">The source of chance.</param>
public sealed record ExampleSource(ClusterSnapshot Cluster, Random Random)
{
    /// <summary>A scope: host, or one of the labels that all hosts have.</summary>
    public string Scope() => Pick([VirtOpt.Scope.Host, .. Cluster.Hosts[0].Labels.Keys]);

    /// <summary>One of the VM groups, or a new random one.</summary>
    public VmGroup Vms(int least = 1) => new($"vms-{Random.Next(1000)}", [.. Some(Cluster.Vms.Count, least).Select(i => new VmId(i))]);

    /// <summary>A random group of hosts.</summary>
    public HostGroup Hosts() => new($"hosts-{Random.Next(1000)}", [.. Some(Cluster.Hosts.Count, 1).Select(i => new HostId(i))]);

    /// <summary>A random dimension.</summary>
    public string Dimension() => Cluster.Dimensions[Random.Next(Cluster.Dimensions.Count)].Name;

    /// <summary>The demand of some VM as a shape, at least 1 in its first dimension.</summary>
    public ResourceVector Shape()
    {
        long[] amounts = [.. Pick([.. Cluster.Vms]).Demand];
        amounts[0] = Math.Max(1, amounts[0]);
        return ResourceVector.Create(amounts);
    }

    /// <summary>A random forecast of one to three slots.</summary>
    public DemandForecast Forecast()
    {
        string dimension = Dimension();
        int d = Cluster.DimensionNamed(dimension);
        long[][] slots = [.. Enumerable.Range(0, Number(1, 3)).Select(_ => (long[])[.. Cluster.Vms.Select(vm => vm.Demand[d] * Number(0, 200) / 100)])];
        return new DemandForecast(dimension, TimeSpan.FromHours(1), slots);
    }

    /// <summary>Random prices for pairs of hosts.</summary>
    public HostMatrix Matrix()
    {
        int hosts = Cluster.Hosts.Count;
        return new HostMatrix(
            [.. Enumerable.Range(0, hosts).Select(from => (long[])[.. Enumerable.Range(0, hosts).Select(to => from == to ? 0 : Number(0, 5))])]);
    }

    /// <summary>A whole number from a range, both ends included.</summary>
    public int Number(int least, int most) => Random.Next(least, most + 1);

    /// <summary>One of several values.</summary>
    public T Pick<T>(IReadOnlyList<T> values) => values[Random.Next(values.Count)];

    private IEnumerable<int> Some(int count, int least)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        Random.Shuffle(all);
        return all.Take(Math.Min(count, Number(least, Math.Max(least, count)))).Order();
    }
}
