using System.Globalization;
using Spectre.Console;

namespace VirtOpt.Cli.Rendering;

/// <summary>The migrations wave by wave, the first ones in full.</summary>
internal static class PlanView
{
    private const int Shown = 20;

    /// <summary>Writes the plan.</summary>
    public static void Write(IAnsiConsole console, ClusterSnapshot cluster, MigrationPlan plan)
    {
        if (plan.Migrations.Count > 0) WriteWaves(console, cluster, plan);
        if (plan.Boots.Count > 0) WriteBoots(console, cluster, plan);
        if (plan.Unreached.Count == 0) return;
        console.Heading($"No way without overfilling a host was found for {Screen.Count(plan.Unreached.Count, "VM")}; they stay where they are");
        console.WriteLine($"  {string.Join(", ", plan.Unreached.Take(Shown).Select(vm => cluster[vm].Name))}{(plan.Unreached.Count > Shown ? " ..." : "")}");
    }

    private static void WriteWaves(IAnsiConsole console, ClusterSnapshot cluster, MigrationPlan plan)
    {
        Table table = Screen.Table("Wave", "VM", "From", "To", "");
        int shown = 0;
        for (int w = 0; w < plan.Waves.Count && shown < Shown; w++)
            foreach (Migration migration in plan.Waves[w].Migrations.Take(Shown - shown))
            {
                shown++;
                table.AddRow(
                    Screen.Plain((w + 1).ToString(CultureInfo.InvariantCulture)),
                    Screen.Plain(cluster[migration.Vm].Name),
                    Screen.Plain(PlaceName(cluster, migration.From)),
                    Screen.Plain(PlaceName(cluster, migration.To)),
                    Screen.Plain(migration.IsHop ? "hop: goes on later" : ""));
            }

        console.Heading("What to migrate, wave by wave (migrations of a wave may run at the same time)");
        console.Write(table);
        if (plan.Migrations.Count > shown)
            console.WriteLine($"  and {Screen.Count(plan.Migrations.Count - shown, "more migration")} (--output FILE writes them all)");
    }

    private static void WriteBoots(IAnsiConsole console, ClusterSnapshot cluster, MigrationPlan plan)
    {
        console.Heading("VMs that get their first place");
        Table table = Screen.Table("VM", "On");
        foreach (Migration boot in plan.Boots.Take(Shown)) table.AddRow(Screen.Plain(cluster[boot.Vm].Name), Screen.Plain(PlaceName(cluster, boot.To)));
        console.Write(table);
        if (plan.Boots.Count > Shown) console.WriteLine($"  and {Screen.Number(plan.Boots.Count - Shown)} more (--output FILE writes them all)");
    }

    /// <summary>A place in words: the host, and its NUMA nodes and GPUs where they count.</summary>
    public static string PlaceName(ClusterSnapshot cluster, Place place)
    {
        if (place.Host.Index < 0) return "nowhere";
        string numa = place.NumaMask == 0 ? "" : $" NUMA {Bits(place.NumaMask)}";
        string gpus = place.GpuMask == 0 ? "" : $" GPU {Bits(place.GpuMask)}";
        return $"{cluster[place.Host].Name}{numa}{gpus}";
    }

    private static string Bits(uint mask) => string.Join("+", Enumerable.Range(0, 32).Where(i => (mask >> i & 1) == 1));
}
