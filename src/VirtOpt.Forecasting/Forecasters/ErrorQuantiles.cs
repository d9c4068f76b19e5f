namespace VirtOpt.Forecasting;

/// <summary>Quantiles of the errors that a point forecast made on one series, for some leads; other leads take those of the next longer one.</summary>
internal sealed class ErrorQuantiles
{
    private const int MostOrigins = 1000;
    private const int LeastErrors = 20;
    private static readonly int[] Leads = [1, 2, 3, 6, 12, 24, 48, 96, 144, 288, 576, 1152, 2016];
    private readonly List<(int Lead, float[] Errors)> rows = [];

    /// <summary>Measures on the slots before the end of the training.</summary>
    public static ErrorQuantiles Of(DemandSeries series, PointForecast point, int trained)
    {
        ErrorQuantiles result = new();
        foreach (int lead in Leads)
        {
            List<float> errors = [];
            int first = series.First + 1;
            int stride = Math.Max(1, (trained - lead - first) / MostOrigins);
            for (int origin = first; origin - 1 + lead < trained; origin += stride)
                if (series.IsObserved(origin - 1 + lead))
                    errors.Add(series.Values[origin - 1 + lead] - point(origin, lead));
            if (errors.Count < LeastErrors) break;
            errors.Sort();
            ReadOnlySpan<float> sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(errors);
            float[] row = new float[QuantileLevels.Count];
            for (int q = 1; q < row.Length; q++) row[q] = sorted[Quantiles.ConformalRank(sorted.Length, QuantileLevels.All[q])];
            result.rows.Add((lead, row));
        }

        return result;
    }

    /// <summary>Writes a point forecast with its quantiles; all are the point where the series is too short to tell.</summary>
    public void AddTo(Span<float> quantiles, float point, int lead)
    {
        quantiles.Fill(point);
        if (rows.Count == 0) return;
        int row = rows.FindIndex(r => r.Lead >= lead);
        float[] errors = rows[row < 0 ? rows.Count - 1 : row].Errors;
        for (int q = 1; q < quantiles.Length; q++) quantiles[q] = point + Math.Max(0, errors[q]);
    }
}
