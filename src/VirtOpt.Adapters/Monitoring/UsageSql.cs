using Microsoft.Data.Sqlite;

namespace VirtOpt;

/// <summary>
/// The tables of a store. Samples lie by time (that is how they are written and dropped), sums by thing and time (that is how they are read). Sums hold
/// mean and most of each metric.
/// </summary>
internal static class UsageSql
{
    private static readonly string[] Words = [.. UsageMetrics.All.Select(m => m.Word())];

    private static string Completed { get; } =
        "ON CONFLICT(entity, at) DO UPDATE SET n = excluded.n, "
        + Columns(w => $"{w} = coalesce(excluded.{w}, {w}), {w}_most = coalesce(excluded.{w}_most, {w}_most)");

    public static string Schema { get; } = $"""
        CREATE TABLE entity(id INTEGER PRIMARY KEY, is_host INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(is_host, name));
        CREATE TABLE raw(at INTEGER NOT NULL, entity INTEGER NOT NULL, host INTEGER, {Columns(w => $"{w} INTEGER")}, PRIMARY KEY(at, entity)) WITHOUT ROWID;
        {Sums("five_minutes")}
        {Sums("hours")}
        CREATE TABLE mark(name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>What is not known in a sample stays as it was.</summary>
    public static string Insert { get; } = $"""
        INSERT INTO raw(at, entity, host, {Columns(w => w)}) VALUES ($at, $entity, $host, {Columns(w => $"${w}")})
        ON CONFLICT(at, entity) DO UPDATE SET host = coalesce(excluded.host, host), {Columns(w => $"{w} = coalesce(excluded.{w}, {w})")}
        """;

    /// <summary>Sums samples up to five minutes. What the samples do not tell, as they were dropped or tell other metrics, stays as it was.</summary>
    public static string SumSamples { get; } = $"""
        INSERT INTO five_minutes(entity, at, n, {Columns(w => $"{w}, {w}_most")})
        SELECT entity, at / 300 * 300 AS slot, count(*), {Columns(w => $"CAST(round(avg({w})) AS INTEGER), max({w})")}
        FROM raw WHERE at >= $from AND at < $to GROUP BY entity, slot {Completed}
        """;

    /// <summary>Sums five minutes up to hours, each by how many samples it holds.</summary>
    public static string SumFiveMinutes { get; } = $"""
        INSERT INTO hours(entity, at, n, {Columns(w => $"{w}, {w}_most")})
        SELECT entity, at / 3600 * 3600 AS slot, sum(n),
        {Columns(w => $"CAST(round(1.0 * sum({w} * n) / sum(CASE WHEN {w} IS NULL THEN 0 ELSE n END)) AS INTEGER), max({w}_most)")}
        FROM five_minutes WHERE at >= $from AND at < $to GROUP BY entity, slot {Completed}
        """;

    public static void Run(SqliteConnection connection, string text, params (string Name, long Value)[] parameters)
    {
        using SqliteCommand command = Command(connection, text, parameters);
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string text, params (string Name, long Value)[] parameters)
    {
        using SqliteCommand command = Command(connection, text, parameters);
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, (string Name, long Value)[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // all texts are made in this file and its neighbours, of the names of metrics alone
        command.CommandText = text;
#pragma warning restore CA2100
        foreach ((string name, long value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static string Sums(string table) => $"""
        CREATE TABLE {table}(entity INTEGER NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL,
        {Columns(w => $"{w} INTEGER, {w}_most INTEGER")}, PRIMARY KEY(entity, at)) WITHOUT ROWID;
        """;

    private static string Columns(Func<string, string> column) => string.Join(", ", Words.Select(column));
}
