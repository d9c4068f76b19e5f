namespace VirtOpt.Core.Tests;

/// <summary>What VMs will use.</summary>
public sealed class DemandForecastTests
{
    [Fact]
    public void AmountsAreFoundBySlotAndVm()
    {
        DemandForecast forecast = new("cpu", TimeSpan.FromMinutes(15), [[1, 2, 3], [4, 5, 6]]);
        Assert.Equal((2, 3, 6), (forecast.Slots, forecast.Vms, forecast[1, new VmId(2)]));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Judge.Refuses(() => _ = new DemandForecast("cpu", TimeSpan.FromHours(1), []), "no slot");
        Judge.Refuses(() => _ = new DemandForecast("cpu", TimeSpan.Zero, [[1]]), "slot");
        Judge.Refuses(() => _ = new DemandForecast("cpu", TimeSpan.FromHours(1), [[1, 2], [1]]), "forecast of (cpu)", "1 amounts");
        Judge.Refuses(() => _ = new DemandForecast("cpu", TimeSpan.FromHours(1), [[-1]]), "forecast of (cpu)", "0 .. ");
    }
}
