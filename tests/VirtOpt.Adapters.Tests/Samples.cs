using NJsonSchema;

namespace VirtOpt.Adapters.Tests;

/// <summary>Files that tests read and break.</summary>
internal static class Samples
{
    public const string Small = """
        {
          "format": "virtopt", "version": 1, "name": "small",
          "dimensions": [{"name": "cpu", "unit": "millicore"}, {"name": "memory", "unit": "MiB"}],
          "hosts": [
            {"name": "h1", "capacity": {"cpu": 4000, "memory": 8192}, "labels": {"rack": "r1"}},
            {"name": "h2", "capacity": {"cpu": 4000, "memory": 8192}, "labels": {"rack": "r2"}}
          ],
          "hostGroups": [{"name": "left", "hosts": ["h1"]}],
          "vms": [
            {"name": "a", "demand": {"cpu": 1000, "memory": 1024}, "host": "h1"},
            {"name": "b", "demand": {"cpu": 1000, "memory": 1024}, "host": "h2"},
            {"name": "c", "demand": {"cpu": 500, "memory": 2048}}
          ],
          "vmGroups": [{"name": "web", "vms": ["a", "b"]}],
          "constraints": [{"type": "spread", "group": "web", "scope": "rack", "min": 2, "soft": {"weight": 10}}],
          "objectives": [{"type": "host-price"}]
        }
        """;

    public const string Full = """
        {
          "format": "virtopt", "version": 1, "name": "full",
          "dimensions": [{"name": "cpu", "unit": "millicore"}, {"name": "memory", "unit": "MiB", "transient": true}, {"name": "gpu", "unit": "milligpu"}],
          "hosts": [
            {"name": "h1", "capacity": {"cpu": 2000, "memory": 8192, "gpu": 2000}, "reserve": {"cpu": 400},
             "overcommitPercent": {"cpu": 200}, "safety": {"memory": 6000},
             "labels": {"rack": "r1", "zone": "z1"}, "tags": ["ssd", "fast"], "cpuModel": "x", "price": 9,
             "power": {"dimension": "cpu", "points": [[0, 100], [50, 150], [100, 300]]},
             "numaNodes": [{"capacity": {"cpu": 1000}}, {"capacity": {"cpu": 1000, "memory": 4096}}],
             "gpus": [{"model": "T4", "capacity": {"gpu": 1000}}, {"model": "A100", "capacity": {"gpu": 1000}}]},
            {"name": "h2", "capacity": {"cpu": 2000, "memory": 8192, "gpu": 0}, "state": "maintenance", "labels": {"rack": "r2", "zone": "z1"}}
          ],
          "vms": [
            {"name": "a", "demand": {"cpu": 500, "memory": 1024, "gpu": 500}, "reservation": {"cpu": 100},
             "numaNodes": 1, "gpus": 1, "gpuModels": ["T4", "A100"], "host": "h1", "numa": [1], "gpu": [0],
             "movable": false, "pinReason": "local disk", "priority": 7, "migrationCost": 12, "downtime": "cold"},
            {"name": "b", "demand": {"cpu": 500, "memory": 1024, "gpu": 0}}
          ]
        }
        """;

    public const string CloudBalancing = """
        {"id": 3, "note": "kept", "computerList": [
          {"id": 10, "cpuPower": 10, "memory": 8, "networkBandwidth": 4, "cost": 100},
          {"id": 11, "cpuPower": 10, "memory": 8, "networkBandwidth": 4, "cost": 90}],
         "processList": [{"id": 0, "requiredCpuPower": 3, "requiredMemory": 2, "requiredNetworkBandwidth": 1, "computer": null},
          {"computer": null, "id": 1, "requiredCpuPower": 3, "requiredMemory": 2, "requiredNetworkBandwidth": 1, "extra": [1, {"id": 7}]}], "score": null}
        """;

    public const string Vmr2l = """
        {"cluster_list": [{"cluster_name": "c1",
          "host_info": [
           {"node_id": "p0", "status": "ACTIVE", "node_cpu": 88, "rack_id": 2, "numa": [
            {"node": 0, "total_cpu": 44, "free_cpu": 8.0, "memory_huge_total_mb": 1000.0, "memory_huge_free_mb": 1},
            {"node": 1, "total_cpu": 44, "free_cpu": 8, "memory_huge_total_mb": 1000.0}]},
           {"node_id": "p1", "status": "ACTIVE", "node_cpu": 88, "rack_id": 3, "numa": [
            {"node": 0, "total_cpu": 44, "memory_huge_total_mb": 1000.0}, {"node": 1, "total_cpu": 44, "memory_huge_total_mb": 1000.0}]}],
          "vm_instance": [
           {"instance_id": "v0", "host_id": "p0", "numa": [{"node": 1, "cpu": 8, "mem_mb": 100.0}], "allow_migration": true},
           {"instance_id": "v1", "host_id": "p1", "numa": [
            {"node": 0, "cpu": 16, "mem_mb": 200.0}, {"node": 1, "cpu": 16, "mem_mb": 200.0}], "allow_migration": false}],
          "other_requirement": {"deployment_set": [{"granularity": "rack", "data": ["v0", "v1"]}]}}], "vm_type_list": []}
        """;

    public const string CsvHosts = """
        name,cpu [millicore],memory [MiB],reserve cpu [millicore],overcommit cpu [%],state,price,rack,host groups
        h1,4000,8192,200,200,available,10,r1,ssd
        h2,4000,8192,,,,12,r2,ssd|left
        h3,8000,16384,,,maintenance,,r2,
        """;

    public const string CsvVms = """
        name,cpu [millicore],memory [MiB],host,movable,migration cost,anti-affinity,only on
        "web, 1",1000,1024,h1,yes,,web,
        web-2,1000,1024,h2,yes,3,web,ssd
        db,500,2048,h3,no,,,
        new,500,2048,,,,,ssd|left
        """;
}

/// <summary>Places outside the tests.</summary>
internal static class Repository
{
    /// <summary>The schema of the virtopt format.</summary>
    public static Task<JsonSchema> Schema() =>
        JsonSchema.FromFileAsync(Path("src/VirtOpt.Adapters/Formats/virtopt.schema.json"), TestContext.Current.CancellationToken);

    /// <summary>A file of the repository, found by walking up from the tests.</summary>
    public static string Path(string relative) => Above(relative) ?? throw new FileNotFoundException(relative);

    /// <summary>A file of the public datasets; skips the test if they are not there.</summary>
    public static string Data(string relative)
    {
        string? folder = Environment.GetEnvironmentVariable("VIRTOPT_DATA");
        string? path = folder is null ? Above(System.IO.Path.Combine("shared", "data", relative)) : System.IO.Path.Combine(folder, relative);
        if (!File.Exists(path)) Assert.Skip($"The dataset file {relative} is not here; set VIRTOPT_DATA to a folder that has it.");
        return path!;
    }

    private static string? Above(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, relative))) return System.IO.Path.Combine(folder.FullName, relative);
        return null;
    }
}
