namespace VirtOpt.Forecasting.Tests;

public sealed class LevelShiftTests
{
    private const int Day = 24;

    [Fact]
    public void A_lasting_change_is_found_where_it_is()
    {
        float[] values = [.. Tiny.Random(Day * 20, 1, 20, 2)[..(Day * 12)], .. Tiny.Random(Day * 8, 2, 50, 2)];
        LevelShift shift = Assert.Single(Find(values));
        Assert.InRange(shift.Slot, (Day * 12) - 6, (Day * 12) + 6);
        Assert.InRange(shift.Before, 20, 22);
        Assert.InRange(shift.After, 50, 52);
    }

    [Fact]
    public void A_fall_and_a_second_shift_are_told_too()
    {
        float[] values = [.. Tiny.Random(Day * 6, 1, 50, 3), .. Tiny.Random(Day * 6, 2, 10, 3), .. Tiny.Random(Day * 6, 3, 90, 3)];
        Assert.Equal([true, false], Find(values).Select(s => s.After < s.Before));
    }

    [Fact]
    public void Cycles_noise_bursts_and_constants_are_none()
    {
        Assert.Empty(Find(Tiny.Daily(Day * 20, Day, 1, 30, 25, 4)));
        Assert.Empty(Find(Tiny.Random(Day * 20, 1, 5, 60)));
        Assert.Empty(Find([.. Tiny.Random(Day * 20, 1).Select((v, i) => i is > 200 and < 208 ? 500 : v)]));
        Assert.Empty(Find(new float[Day * 20]));
        Assert.Empty(Find(Tiny.Random(Day, 1)));
    }

    private static IReadOnlyList<LevelShift> Find(float[] values) => LevelShifts.Find(Tiny.History(60, values));
}
