using System.Security.Cryptography;

namespace VirtOpt.Forecasting.Tests;

public sealed class ShippedModelTests
{
    [Fact]
    public void The_card_names_the_hash_of_the_file_and_the_file_is_small()
    {
        byte[] content = File.ReadAllBytes(Path.Combine(Folder, "vm-demand.model"));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);
        Assert.InRange(content.Length, 1, 1 << 20);
    }

    [Fact]
    public void It_loads_with_its_checks_and_is_for_cpu_and_memory_by_five_minutes()
    {
        TreeModel model = ShippedModel.Load();
        Assert.Equal(TimeSpan.FromMinutes(5), model.Step);
        Assert.Equal(["cpu", "memory"], model.Dimensions.Order());
    }

    [Fact]
    public void Vms_with_hours_of_history_are_forecast_without_training()
    {
        float[] daily = Tiny.Daily(2 * 288, 288, 1, 30, 10, 3);
        DemandHistory history = Tiny.History(5, daily, Tiny.Random(2 * 288, 2));
        IFittedForecaster fitted = new AutoForecaster().Fit(history, 288 + 144, TestContext.Current.CancellationToken);
        float[] hour = Tiny.Ask(fitted, history.Series[0], 288 + 144, 1, 12);
        Assert.InRange(hour[0], daily[288 + 144] - 5, daily[288 + 144] + 5);
        Assert.True(hour[0] < hour[1] && hour[1] <= hour[2] && hour[2] <= hour[3]);
        Assert.InRange(Tiny.Ask(fitted, history.Series[1], 288 + 144, 288)[0], 20, 25);
    }

    private static string Folder
    {
        get
        {
            DirectoryInfo at = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "VirtOpt.Solver.sln"))) at = at.Parent!;
            return Path.Combine(at.FullName, "models", "forecasting");
        }
    }
}
