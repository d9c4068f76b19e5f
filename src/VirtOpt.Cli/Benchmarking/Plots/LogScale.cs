using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>Logarithmic axes: the plots hold logarithms, the ticks say what they stand for.</summary>
internal static class LogScale
{
    /// <summary>Gives an axis ticks for powers of ten.</summary>
    public static void Label(IAxis axis) => axis.TickGenerator = new NumericAutomatic
    {
        MinorTickGenerator = new LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = exponent => TextOf(Math.Pow(10, exponent)),
    };

    /// <summary>A value's place on the axis; what is below the least is shown there.</summary>
    public static double Of(double value, double least) => Math.Log10(Math.Max(value, least));

    /// <summary>A number as people read it.</summary>
    public static string TextOf(double value) => value is >= 1 and < 1e15
        ? Math.Round(value).ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString("0.######", CultureInfo.InvariantCulture);
}
