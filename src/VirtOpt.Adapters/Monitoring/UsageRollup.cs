using Microsoft.Data.Sqlite;

namespace VirtOpt;

/// <summary>Sums samples up to five minutes and those to hours, and drops what is older than is kept.</summary>
internal static class UsageRollup
{
    private const long FiveMinutes = 300;
    private const long Hour = 3600;
    private const long Late = 2 * Hour; // a sample may come this much later than its time
    private const string Mark = "summed";

    /// <summary>Sums up all that became whole since the last time.</summary>
    public static void Run(SqliteConnection connection, long now, UsageRetention retention)
    {
        long before = UsageSql.Number(connection, $"SELECT at FROM mark WHERE name = '{Mark}'");
        long whole = now / FiveMinutes * FiveMinutes;
        if (whole == before) return;
        using SqliteTransaction transaction = connection.BeginTransaction();
        Sum(connection, Math.Max(0, before - Late) / Hour * Hour, whole);
        UsageSql.Run(connection, $"INSERT OR REPLACE INTO mark(name, at) VALUES ('{Mark}', $at)", ("$at", whole));
        Drop(connection, now, retention);
        transaction.Commit();
    }

    /// <summary>Sums a stretch up anew, widened to whole hours.</summary>
    public static void SumUp(SqliteConnection connection, long from, long to)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        Sum(connection, from / Hour * Hour, (to + Hour) / Hour * Hour);
        transaction.Commit();
    }

    /// <summary>The hour that still runs is summed up as far as it goes, and again later.</summary>
    private static void Sum(SqliteConnection connection, long from, long to)
    {
        UsageSql.Run(connection, UsageSql.SumSamples, ("$from", from), ("$to", to));
        UsageSql.Run(connection, UsageSql.SumFiveMinutes, ("$from", from), ("$to", to));
    }

    /// <summary>Samples of a stretch are dropped only in whole five minutes, so that no sum is made of a part.</summary>
    private static void Drop(SqliteConnection connection, long now, UsageRetention retention)
    {
        long samples = (now - Math.Max(2 * Late, (long)retention.Raw.TotalSeconds)) / Hour * Hour;
        UsageSql.Run(connection, "DELETE FROM raw WHERE at < $to", ("$to", samples));
        long fine = (now - Math.Max(2 * Late, (long)retention.FiveMinutes.TotalSeconds)) / Hour * Hour;
        UsageSql.Run(connection, "DELETE FROM five_minutes WHERE at < $to", ("$to", fine));
        UsageSql.Run(connection, "DELETE FROM hours WHERE at < $to", ("$to", now - (long)retention.Hour.TotalSeconds));
    }
}
