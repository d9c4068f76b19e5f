using System.Numerics.Tensors;

namespace VirtOpt.Forecasting;

/// <summary>How much the last week of a series before an origin varies. One pass, as each of the sums alone waits for its own last addition.</summary>
/// <param name="Change">Sum of the changes from one day to the next, of values up to the limit.</param>
/// <param name="Changes">Number of them.</param>
/// <param name="MeanDeviation">Mean distance from the median, of values up to the limit.</param>
/// <param name="StandardDeviation">Standard deviation.</param>
internal readonly record struct WeekSpread(double Change, int Changes, double MeanDeviation, double StandardDeviation)
{
    private const int Chunk = 256;

    /// <summary>Looks at a week, or what there is of it.</summary>
    /// <param name="series">The series.</param>
    /// <param name="day">Slots of a day.</param>
    /// <param name="origin">Number of known slots.</param>
    /// <param name="limit">Values above it count as this.</param>
    /// <param name="sorted">The values of the week up to the limit in order.</param>
    public static WeekSpread Of(DemandSeries series, int day, int origin, float limit, ReadOnlySpan<float> sorted)
    {
        int first = origin - sorted.Length;
        ReadOnlySpan<float> values = series.Filled[first..origin];
        float median = Quantiles.OfSorted(sorted, 0.5);
        float mean = series.Mean(first, origin);
        int unchanged = Math.Clamp(series.First + day - first, 0, values.Length);
        ReadOnlySpan<float> before = unchanged == values.Length ? [] : series.Filled[(first + unchanged - day)..(origin - day)];
        Span<double> distances = stackalloc double[Chunk];
        Span<double> squares = stackalloc double[Chunk];
        Span<double> steps = stackalloc double[Chunk];
        Sums sums = default;
        for (int at = 0; at < values.Length; at += Chunk)
        {
            int count = Math.Min(Chunk, values.Length - at);
            Distances(sorted.Slice(at, count), median, distances);
            Squares(values.Slice(at, count), mean, squares);
            int skipped = Math.Clamp(unchanged - at, 0, count);
            steps[..skipped].Clear();
            if (skipped < count) Steps(values.Slice(at + skipped, count - skipped), before[(at + skipped - unchanged)..], limit, steps[skipped..]);
            sums = sums.With(distances[..count], squares[..count], steps[..count]);
        }

        return new WeekSpread(sums.Steps, values.Length - unchanged, sums.Distances / values.Length, Math.Sqrt(sums.Squares / values.Length));
    }

    private static void Distances(ReadOnlySpan<float> values, float median, Span<double> distances)
    {
        Span<float> terms = stackalloc float[values.Length];
        TensorPrimitives.Subtract(values, median, terms);
        TensorPrimitives.Abs(terms, terms);
        TensorPrimitives.ConvertChecked<float, double>(terms, distances);
    }

    private static void Squares(ReadOnlySpan<float> values, float mean, Span<double> squares)
    {
        Span<float> terms = stackalloc float[values.Length];
        TensorPrimitives.Subtract(values, mean, terms);
        TensorPrimitives.Multiply(terms, terms, terms);
        TensorPrimitives.ConvertChecked<float, double>(terms, squares);
    }

    private static void Steps(ReadOnlySpan<float> now, ReadOnlySpan<float> before, float limit, Span<double> steps)
    {
        Span<float> least = stackalloc float[now.Length];
        Span<float> terms = stackalloc float[now.Length];
        TensorPrimitives.Min(before[..now.Length], limit, least);
        TensorPrimitives.Min(now, limit, terms);
        TensorPrimitives.Subtract(terms, least, terms);
        TensorPrimitives.Abs(terms, terms);
        TensorPrimitives.ConvertChecked<float, double>(terms, steps);
    }

    private readonly record struct Sums(double Distances, double Squares, double Steps)
    {
        public Sums With(ReadOnlySpan<double> distances, ReadOnlySpan<double> squares, ReadOnlySpan<double> steps)
        {
            double distance = Distances;
            double square = Squares;
            double step = Steps;
            for (int i = 0; i < distances.Length && i < squares.Length && i < steps.Length; i++)
            {
                distance += distances[i];
                square += squares[i];
                step += steps[i];
            }

            return new Sums(distance, square, step);
        }
    }
}
