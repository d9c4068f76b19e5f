using Microsoft.Data.Sqlite;

namespace VirtOpt;

/// <summary>How long samples are kept, by how fine they are.</summary>
/// <param name="Raw">Samples as they were taken, at least two hours. Default 2 days.</param>
/// <param name="FiveMinutes">Mean and most of five minutes. Default 30 days.</param>
/// <param name="Hour">Mean and most of an hour. Default 2 years.</param>
public sealed record UsageRetention(TimeSpan Raw, TimeSpan FiveMinutes, TimeSpan Hour)
{
    /// <summary>The defaults.</summary>
    public static UsageRetention Default { get; } = new(TimeSpan.FromDays(2), TimeSpan.FromDays(30), TimeSpan.FromDays(730));
}

/// <summary>
/// History of hosts and VMs in one SQLite file (write-ahead log: it can be read while it is written). A VM is known by its name: where it runs, and whether it
/// was made anew, does not matter. One thread at a time.
/// </summary>
public sealed class UsageStore : IDisposable
{
    private const int Version = 1;
    private const int ApplicationId = 0x564f5055; // VOPU
    private readonly SqliteConnection connection;
    private readonly Dictionary<(bool IsHost, string Name), long> ids = [];

    private UsageStore(string path, SqliteConnection connection) => (Path, this.connection) = (path, connection);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens a store to write into; makes it if it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be opened, or is no store.</exception>
    public static UsageStore Open(string path) => Open(path, SqliteOpenMode.ReadWriteCreate);

    /// <summary>Opens a store that is there to read from.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is not there, or is no store.</exception>
    public static UsageStore OpenRead(string path) => File.Exists(path) ? Open(path, SqliteOpenMode.ReadWrite)
        : throw InvalidInputException.Because($"{path}: there is no store of that name.", "virtopt monitor has not run yet, or wrote elsewhere.");

    /// <summary>Adds samples, all or none. A sample of the same thing at the same second is completed.</summary>
    /// <param name="samples">The samples.</param>
    /// <exception cref="InvalidInputException">They cannot be written.</exception>
    public void Add(IEnumerable<UsageSample> samples) => Guarded(() =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = UsageSql.Insert;
        SqliteParameter at = insert.Parameters.Add("$at", SqliteType.Integer);
        SqliteParameter entity = insert.Parameters.Add("$entity", SqliteType.Integer);
        SqliteParameter host = insert.Parameters.Add("$host", SqliteType.Integer);
        SqliteParameter[] values = [.. UsageMetrics.All.Select(m => insert.Parameters.Add($"${m.Word()}", SqliteType.Integer))];
        foreach (UsageSample sample in samples)
        {
            at.Value = sample.At.ToUnixTimeSeconds();
            host.Value = sample.Host.Length == 0 ? DBNull.Value : IdOf(isHost: true, sample.Host);
            entity.Value = sample.IsOfHost ? host.Value : IdOf(isHost: false, sample.Vm);
            for (int m = 0; m < values.Length; m++) values[m].Value = (object?)sample[(UsageMetric)m] ?? DBNull.Value;
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    });

    /// <summary>Sums up what is whole (five minutes, hours) and drops what is older than is kept. To be called now and then.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retention">How long samples are kept.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Maintain(DateTimeOffset now, UsageRetention retention) => Guarded(() => UsageRollup.Run(connection, now.ToUnixTimeSeconds(), retention));

    /// <summary>Sums up a stretch of time anew, after samples of the past were added.</summary>
    /// <param name="from">Its begin.</param>
    /// <param name="to">Its end.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void SumUp(DateTimeOffset from, DateTimeOffset to) =>
        Guarded(() => UsageRollup.SumUp(connection, from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds()));

    /// <summary>Reads the history.</summary>
    public UsageReader Reader() => new(connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        connection.Dispose();
        SqliteConnection.ClearPool(connection);
    }

    private static UsageStore Open(string path, SqliteOpenMode mode)
    {
        SqliteConnectionStringBuilder text = new() { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 };
        UsageStore store = new(path, new SqliteConnection(text.ToString()));
        try
        {
            store.Guarded(store.Prepare);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void Prepare()
    {
        connection.Open();
        long id = UsageSql.Number(connection, "PRAGMA application_id");
        bool isEmpty = UsageSql.Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && id != ApplicationId)
            throw InvalidInputException.Because($"{Path}: this is a database, but not a store of virtopt monitor.", "another file was meant.");
        long version = UsageSql.Number(connection, "PRAGMA user_version");
        if (!isEmpty && version != Version)
            throw InvalidInputException.Because($"{Path}: the store has version {version}; expected {Version}.", "it is of a newer virtopt.");
        UsageSql.Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
        if (!isEmpty) return;
        UsageSql.Run(connection, UsageSql.Schema);
        UsageSql.Run(connection, FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};"));
    }

    private long IdOf(bool isHost, string name)
    {
        if (ids.TryGetValue((isHost, name), out long id)) return id;
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO entity(is_host, name) VALUES ($h, $n); SELECT id FROM entity WHERE is_host = $h AND name = $n";
        command.Parameters.AddWithValue("$h", isHost ? 1 : 0);
        command.Parameters.AddWithValue("$n", name);
        return ids[(isHost, name)] = (long)command.ExecuteScalar()!;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException e)
        {
            ids.Clear(); // what was rolled back has no id
            throw new InvalidInputException(
                $"{Path}: the store cannot be used: {e.Message}\n"
                + "Maybe it is no store, another process holds it, the disk is full, or the folder is missing.",
                e);
        }
    }
}
