using System.Globalization;

namespace VirtOpt.Forecasting;

/// <summary>Repairs of the samples of one series: time first, then amounts. Each leaves a note.</summary>
internal sealed class SampleRepairs
{
    private const double MillisecondsFrom = 1e11;
    private const double ClockChange = 3600;
    private readonly SampleSeries source;
    private readonly List<CleaningNote> notes;
    private double[] seconds;
    private double[] values;

    public SampleRepairs(SampleSeries source, List<CleaningNote> notes)
    {
        (this.source, this.notes) = (source, notes);
        (seconds, values) = ([.. source.Seconds], [.. source.Values]);
        if (seconds.Length != values.Length) throw new InvalidInputException($"{source.Where}: {seconds.Length} times for {values.Length} amounts.");
        if (seconds.Length == 0) throw InvalidInputException.Because($"{source.Where}: VM ({source.Vm}) has no samples.", "the file was cut off.");
    }

    /// <summary>Times in order without equals.</summary>
    public ReadOnlySpan<double> Seconds => seconds;

    /// <summary>Amounts of these times, at least 0; NaN for a gap.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The usual distance of samples; 0 if there is only one.</summary>
    public double Interval { get; private set; }

    public SampleRepairs Run()
    {
        TakeMilliseconds();
        Interval = UsualInterval();
        UndoClockChange();
        PutInOrder();
        CheckAmounts();
        if (source.Resizes > 0) Note("the VM was resized", source.Resizes);
        if (seconds.Length == 1) Note("only one sample", 1);
        else if (values.All(v => v == 0)) Note("all samples are 0", values.Length);
        return this;
    }

    private void TakeMilliseconds()
    {
        int far = seconds.Count(s => Math.Abs(s) >= MillisecondsFrom);
        if (seconds.Any(s => !double.IsFinite(s)) || (far > 0 && far < seconds.Length))
            throw InvalidInputException.Because(
                $"{source.Where}: some times of VM ({source.Vm}) are in milliseconds and some in seconds since 1970, or are no numbers.",
                    "two files were joined.");
        if (far == 0) return;
        seconds = [.. seconds.Select(s => s / 1000)];
        Note("times in milliseconds taken for what they are", seconds.Length);
    }

    private double UsualInterval()
    {
        double[] steps = [.. seconds.Zip(seconds.Skip(1), (a, b) => b - a).Where(d => d > 0).Order()];
        return steps.Length == 0 ? 0 : steps[(steps.Length - 1) / 2];
    }

    private void UndoClockChange()
    {
        double shift = 0;
        int changes = 0;
        double before = seconds[0];
        for (int i = 1; i < seconds.Length; i++)
        {
            double step = seconds[i] - before;
            before = seconds[i];
            if (Math.Abs(step + ClockChange - Interval) <= Interval * 0.1 && Interval < ClockChange / 2)
            {
                shift += ClockChange;
                changes++;
            }

            seconds[i] += shift;
        }

        if (changes > 0) Note("clock set back by an hour: later samples moved on by an hour", changes, "the clock follows daylight saving; use UTC");
    }

    private void PutInOrder()
    {
        int backwards = seconds.Zip(seconds.Skip(1), (a, b) => b < a).Count(b => b);
        if (backwards > 0)
        {
            double[] keys = [.. seconds];
            int[] order = [.. Enumerable.Range(0, keys.Length).OrderBy(i => keys[i])];
            (seconds, values) = ([.. order.Select(i => seconds[i])], [.. order.Select(i => values[i])]);
            Note("time went backwards: samples put in order", backwards);
        }

        bool[] last = [.. Enumerable.Range(0, seconds.Length).Select(i => i == seconds.Length - 1 || seconds[i + 1] > seconds[i])];
        int doubles = last.Count(l => !l);
        if (doubles == 0) return;
        (seconds, values) = ([.. seconds.Where((_, i) => last[i])], [.. values.Where((_, i) => last[i])]);
        Note("several samples at the same time: the last one kept", doubles);
    }

    private void CheckAmounts()
    {
        Replace("no number: taken as a gap", v => !double.IsNaN(v) && !double.IsFinite(v), _ => double.NaN);
        Replace("negative: taken as a gap", v => v < 0, _ => double.NaN);
        if (source.Capacity is not > 0) return;
        double capacity = source.Capacity.Value;
        double most = capacity * source.Tolerance;
        Replace("a thousand times too large: divided by 1000", v => v > most && v <= most * 1000 && v / 1000 > capacity * 0.001, v => v / 1000,
            v => v >= 20 * capacity);
        Replace("far above the VM's capacity: taken as a gap", v => v > most, _ => double.NaN);
        int above = values.Count(v => v > capacity * (1 + 1e-6));
        if (above > 0) Note("above the VM's capacity: kept", above, string.Create(CultureInfo.InvariantCulture,
            $"up to {values.Where(v => v > 0).Max() / capacity:0.##} x"));
    }

    private void Replace(string kind, Func<double, bool> isWrong, Func<double, double> right, Func<double, bool>? isSure = null)
    {
        int count = 0;
        for (int i = 0; i < values.Length; i++)
            if (isWrong(values[i]) && (isSure is null || isSure(values[i])))
            {
                values[i] = right(values[i]);
                count++;
            }

        if (count > 0) Note(kind, count);
    }

    private void Note(string kind, long samples, string detail = "") => notes.Add(new CleaningNote(kind, source.Vm, source.Dimension.Name, samples, detail));
}
