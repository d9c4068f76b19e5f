using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace VirtOpt.Forecasting;

/// <summary>
/// Forecasts the summed demand of hosts: mixes, by how they did for this host lately, what the forecaster of VMs says of the sum as a series of its own, the
/// forecasts of the VMs put together as if they were independent, all peaked at once or something between, and the sum's own quantiles of the last week. Then
/// calibrated with every sample of the sum.
/// </summary>
/// <param name="inner">Forecaster of the VMs.</param>
/// <param name="hosts">The hosts.</param>
/// <param name="vms">The VMs' history.</param>
public sealed class JointForecaster(IDemandForecaster inner, HostSums hosts, DemandHistory vms) : IDemandForecaster
{
    /// <inheritdoc/>
    public string Name => "joint";

    /// <inheritdoc/>
    public IFittedForecaster Fit(DemandHistory history, int origin, CancellationToken cancellation = default) =>
        new FittedJoint(new HostCandidates(inner.Fit(vms, origin, cancellation), hosts, vms.Grid), origin);

    private sealed class FittedJoint(HostCandidates source, int origin) : IFittedForecaster
    {
        private const int CalibrationDays = 4;
        private const int StepsPerDay = 48;
        private readonly ConditionalWeakTable<DemandSeries, CalibrationWalk> walks = [];

        public SlotRange Training => new(0, origin);

        public string MethodFor(DemandSeries series, int lead) => "joint";

        public void Forecast(DemandSeries series, int at, ReadOnlySpan<int> leads, Span<float> quantiles)
        {
            quantiles.Clear();
            if (series.First >= at) return;
            float[] candidates = new float[leads.Length * Experts.Width];
            float scale = source.Fill(series, at, leads, candidates);
            CalibrationWalk walk = walks.GetValue(series, s => new CalibrationWalk(
                source, s, Math.Max(s.First + 1, origin - (CalibrationDays * source.Grid.Day)), Math.Max(1, source.Grid.Day / StepsPerDay), origin));
            for (int i = 0; i < leads.Length; i++)
                walk.At(at, Bands.Of(leads[i], source.Grid)).Apply(candidates.AsSpan(i * Experts.Width, Experts.Width), scale, series.Capacity,
                    quantiles.Slice(i * QuantileLevels.Count, QuantileLevels.Count));
        }
    }

    private sealed class HostCandidates(IFittedForecaster fitted, HostSums hosts, TimeGrid grid) : ICandidates
    {
        // A VM is on several hosts, and asked for by all of them at the same origins.
        private readonly ConcurrentDictionary<(DemandSeries, int, int), float[]> known = [];
        private readonly ConditionalWeakTable<DemandSeries, SlidingWindows> windows = [];

        public TimeGrid Grid => grid;

        public float Fill(DemandSeries series, int origin, ReadOnlySpan<int> leads, Span<float> candidates)
        {
            (_, float[] day, float[] week) = windows.GetValue(series, s => new SlidingWindows(s, grid.Day)).At(origin);
            float[] own = [.. QuantileLevels.All.Select(level => Quantiles.OfSorted(week, level))];
            Span<float> sum = stackalloc float[QuantileLevels.Count];
            for (int i = 0; i < leads.Length; i++)
            {
                fitted.Forecast(series, origin, leads.Slice(i, 1), sum);
                Mix(sum, own, Quantiles.OfSorted(day, 0.5), Members(series, origin, leads[i]), candidates.Slice(i * Experts.Width, Experts.Width));
            }

            return Math.Max(1e-6f, own[^1] - own[0]);
        }

        private static void Mix(ReadOnlySpan<float> sum, float[] own, float day, Parts parts, Span<float> candidates)
        {
            ReadOnlySpan<float> middle =
                [sum[0], parts.Median, (sum[0] + parts.Median) / 2, day, own[0], (sum[0] + own[0]) / 2, (parts.Median + own[0]) / 2];
            middle.CopyTo(candidates);
            for (int q = 1; q < sum.Length; q++)
            {
                float independent = parts.Median + parts.Independent[q];
                float between = parts.Median + ((parts.Independent[q] + parts.Together[q]) / 2);
                ReadOnlySpan<float> one =
                    [sum[q], (sum[q] + independent) / 2, own[q], independent, between, (sum[q] + own[q]) / 2, (sum[q] + between) / 2];
                one.CopyTo(candidates[(q * Experts.Count)..]);
            }
        }

        private Parts Members(DemandSeries series, int origin, int lead)
        {
            float[] together = new float[QuantileLevels.Count];
            float[] independent = new float[QuantileLevels.Count];
            float median = 0;
            foreach (DemandSeries member in hosts.MembersOf(series))
            {
                float[] one = known.GetOrAdd((member, origin, lead), key => Ask(key.Item1, key.Item2, key.Item3));
                median += one[0];
                for (int q = 1; q < one.Length; q++)
                {
                    together[q] += one[q] - one[0];
                    independent[q] += (one[q] - one[0]) * (one[q] - one[0]);
                }
            }

            for (int q = 1; q < independent.Length; q++) independent[q] = MathF.Sqrt(independent[q]);
            return new Parts(median, together, independent);
        }

        private float[] Ask(DemandSeries member, int origin, int lead)
        {
            float[] quantiles = new float[QuantileLevels.Count];
            if (member.First < origin) fitted.Forecast(member, origin, [lead], quantiles);
            return quantiles;
        }
    }

    private readonly record struct Parts(float Median, float[] Together, float[] Independent);
}
