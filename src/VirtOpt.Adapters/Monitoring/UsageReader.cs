using Microsoft.Data.Sqlite;

namespace VirtOpt;

/// <summary>One metric of many VMs on an even grid of time, as plain arrays.</summary>
/// <param name="Names">The VMs, or hosts, in order of their names.</param>
/// <param name="Start">Begin of the first slot.</param>
/// <param name="Step">Length of a slot.</param>
/// <param name="Values">By name and slot, in the metric's unit; NaN where nothing is known.</param>
public sealed record UsageTable(IReadOnlyList<string> Names, DateTimeOffset Start, TimeSpan Step, double[][] Values);

/// <summary>What to read.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="From">Begin; the first slot begins at the multiple of the step at or before it.</param>
/// <param name="To">End, after the begin.</param>
/// <param name="Step">Length of a slot, in whole seconds, at least 1.</param>
public sealed record UsageQuery(UsageMetric Metric, DateTimeOffset From, DateTimeOffset To, TimeSpan Step)
{
    /// <summary>True for the hosts, false for the VMs.</summary>
    public bool OfHosts { get; init; }

    /// <summary>True for the most within each slot, false for the mean.</summary>
    public bool Most { get; init; }
}

/// <summary>Reads histories from a store.</summary>
public sealed class UsageReader
{
    private const int FiveMinutes = 300;
    private const int Hour = 3600;
    private const long MostSlots = 10_000_000;
    private readonly SqliteConnection connection;

    internal UsageReader(SqliteConnection connection) => this.connection = connection;

    /// <summary>
    /// Reads one metric of all VMs or hosts. A step of an hour or more is served from sums of hours, one of five minutes or more from those of five minutes,
    /// a shorter one from the samples themselves, as far back as each is kept.
    /// </summary>
    /// <param name="query">What to read.</param>
    /// <exception cref="InvalidInputException">The stretch of time or the step makes no sense.</exception>
    public UsageTable Read(UsageQuery query)
    {
        long step = (long)query.Step.TotalSeconds;
        if (step < 1) throw InvalidInputException.Because($"The step ({query.Step}) is below a second.", "it was meant in seconds.");
        long start = query.From.ToUnixTimeSeconds() / step * step;
        long slots = (query.To.ToUnixTimeSeconds() - start + step - 1) / step;
        if (slots is < 1 or > MostSlots)
            throw InvalidInputException.Because($"From ({query.From:O}) to ({query.To:O}) there are {slots} slots; expected 1 .. {MostSlots}.",
                "the end is before the begin.");
        SortedDictionary<string, (double[] Sum, int[] Count)> found = new(StringComparer.Ordinal);
        Scan(query, step, (name, at, value) =>
        {
            if (!found.TryGetValue(name, out (double[] Sum, int[] Count) row)) found[name] = row = (new double[slots], new int[slots]);
            long slot = (at - start) / step;
            row.Sum[slot] = query.Most ? Math.Max(row.Sum[slot], value) : row.Sum[slot] + value;
            row.Count[slot]++;
        });
        double[][] values = [.. found.Values.Select(row => row.Sum.Zip(row.Count, (sum, n) => n == 0 ? double.NaN : query.Most ? sum : sum / n).ToArray())];
        return new UsageTable([.. found.Keys], DateTimeOffset.FromUnixTimeSeconds(start), query.Step, values);
    }

    /// <summary>First and last time of which anything is known; null for an empty store.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Span()
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT min(a), max(b) FROM (SELECT min(at) a, max(at) b FROM raw UNION ALL SELECT min(at), max(at) FROM five_minutes
            UNION ALL SELECT min(at), max(at) FROM hours)
            """;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() && !row.IsDBNull(0) ? (DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(0)), DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(
            1))) : null;
    }

    private void Scan(UsageQuery query, long step, Action<string, long, double> take)
    {
        string table = step >= Hour ? "hours" : step >= FiveMinutes ? "five_minutes" : "raw";
        string column = query.Metric.Word() + (query.Most && table != "raw" ? "_most" : "");
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the names of a table and of a metric
        command.CommandText = $"""
            SELECT e.name, t.at, t.{column} FROM {table} t JOIN entity e ON e.id = t.entity
            WHERE e.is_host = $host AND t.at >= $from AND t.at < $to AND t.{column} IS NOT NULL
            """;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$host", query.OfHosts ? 1 : 0);
        command.Parameters.AddWithValue("$from", query.From.ToUnixTimeSeconds() / step * step);
        command.Parameters.AddWithValue("$to", query.To.ToUnixTimeSeconds());
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read()) take(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2));
    }
}
