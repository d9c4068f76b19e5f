using System.Globalization;
using CsvHelper;

namespace VirtOpt;

/// <summary>A store as one CSV table for other programs: a row for each VM (or host) and slot of which anything is known.</summary>
public static class UsageCsv
{
    /// <summary>Writes a table with the columns <c>time</c> (UTC), <c>name</c> and one for each metric.</summary>
    /// <param name="path">The file; packed if its name ends with .gz.</param>
    /// <param name="reader">The history.</param>
    /// <param name="query">What to write; its metric is passed over.</param>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static long Write(string path, UsageReader reader, UsageQuery query)
    {
        UsageTable[] tables = [.. UsageMetrics.All.Select(m => reader.Read(query with { Metric = m }))];
        string[] names = [.. tables.SelectMany(t => t.Names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        long rows = 0;
        Files.Write(path, stream =>
        {
            using CsvWriter csv = CsvWriting.Open(stream);
            CsvWriting.Row(csv, ["time", "name", .. UsageMetrics.All.Select(m => m.Word())]);
            foreach (string name in names)
            {
                double[]?[] series = [.. tables.Select(t => Row(t, name))];
                int slots = series.Max(s => s?.Length ?? 0);
                for (int slot = 0; slot < slots; slot++)
                {
                    string[] cells = [.. series.Select(s =>
                        s is null || double.IsNaN(s[slot]) ? "" : Math.Round(s[slot], 3).ToString(CultureInfo.InvariantCulture))];
                    if (cells.All(c => c.Length == 0)) continue;
                    DateTimeOffset time = tables[0].Start + (slot * tables[0].Step);
                    CsvWriting.Row(csv, [time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), name, .. cells]);
                    rows++;
                }
            }
        });
        return rows;
    }

    private static double[]? Row(UsageTable table, string name)
    {
        for (int i = 0; i < table.Names.Count; i++)
            if (table.Names[i] == name) return table.Values[i];
        return null;
    }
}
