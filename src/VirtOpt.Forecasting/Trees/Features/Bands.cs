namespace VirtOpt.Forecasting;

/// <summary>Bands of leads that share trees: the next minutes, the next hours, later.</summary>
internal static class Bands
{
    /// <summary>Number of bands.</summary>
    public const int Count = 3;

    /// <summary>The band of a lead.</summary>
    public static int Of(int lead, TimeGrid grid) => lead <= 3 ? 0 : lead <= grid.Day / 6 ? 1 : 2;

    /// <summary>A lead that stands for a band: the next slot, an hour, a day.</summary>
    public static int Typical(int band, TimeGrid grid) => band switch { 0 => 1, 1 => Math.Max(4, grid.Day / 24), _ => grid.Day };

    /// <summary>Draws a lead of a band for training; every second one is the typical one.</summary>
    public static int Draw(int band, TimeGrid grid, int most, Random random)
    {
        int typical = Typical(band, grid);
        (int least, int top) = band switch { 0 => (1, 3), 1 => (4, grid.Day / 6), _ => ((grid.Day / 6) + 1, 7 * grid.Day) };
        if (random.Next(2) == 0 && typical <= most) return typical;
        top = Math.Min(top, most);
        return top <= least ? least : (int)Math.Round(Math.Exp(Math.Log(least) + (random.NextDouble() * Math.Log((double)top / least))));
    }
}
