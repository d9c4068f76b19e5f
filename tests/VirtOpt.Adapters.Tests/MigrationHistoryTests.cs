using NJsonSchema;

namespace VirtOpt.Adapters.Tests;

/// <summary>Histories of executed migrations: both forms say the same, and bad files end in one clear error.</summary>
public sealed class MigrationHistoryTests
{
    private const string Csv = "vm;memory;seconds;moved;downtime;dirty;mode\na;4096;9.5;4200;0.2;12;\n7;8192;17;;;;postcopy\n";

    private const string Json = """
        {"format": "virtopt-history", "version": 1, "migrations": [
          {"vm": "a", "memory": 4096, "seconds": 9.5, "moved": 4200, "downtime": 0.2, "dirty": 12},
          {"vm": 7, "memory": 8192, "seconds": 17, "mode": "postcopy"}]}
        """;

    private static readonly ExecutedMigration[] Expected =
    [
        new() { Vm = "a", MemoryMiB = 4096, Seconds = 9.5, MovedMiB = 4200, DowntimeSeconds = 0.2, DirtyRate = 12 },
        new() { Vm = "7", MemoryMiB = 8192, Seconds = 17, Mode = TransferMode.PostCopy },
    ];

    [Fact]
    public async Task Csv_and_json_say_the_same()
    {
        using Folder folder = new();
        folder.Write("h.csv", Csv);
        folder.Write("h.json", Json);
        Assert.Equal(Expected, MigrationHistory.Read(folder.Path("h.csv")));
        Assert.Equal(Expected, MigrationHistory.Read(folder.Path("h.json")));
        JsonSchema schema = await JsonSchema.FromFileAsync(
            Repository.Path("src/VirtOpt.Adapters/Formats/Plans/virtopt-history.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Json));
        Assert.NotEmpty(schema.Validate(Json.Replace("\"seconds\": 17", "\"seconds\": 0", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "9.5", "9,5", "line 2", "(9,5)", "comma")]
    [InlineData(false, "17", "", "line 3", "(seconds) is empty", "failed")]
    [InlineData(false, "postcopy", "warm", "line 3", "(warm)", "precopy, postcopy, cold")]
    [InlineData(false, "downtime", "stop", "the column (stop) is unknown", "(downtime)", "Maybe")]
    [InlineData(false, "memory", "disk", "the column (memory) is missing", "(seconds)", "Maybe")]
    [InlineData(false, "4096", "-4096", "line 2", "memory (-4096)", "above 0")]
    [InlineData(false, ";0.2", ";200", "line 2", "downtime (200)", "milliseconds")]
    [InlineData(true, "\"seconds\": 17,", "", "migrations[1]", "seconds", "missing")]
    [InlineData(true, "8192", "\"8 GiB\"", "migrations[1].memory", "a number", "Maybe")]
    [InlineData(true, "virtopt-history", "virtopt-plan", "format", "\"virtopt-history\"", "Maybe")]
    [InlineData(true, "8192", "0", "migrations[1]", "memory (0)", "above 0")]
    public void Bad_histories_end_in_one_clear_error(bool isJson, string right, string wrong, params string[] words)
    {
        using Folder folder = new();
        string text = isJson ? Json : Csv;
        Assert.Contains(right, text, StringComparison.Ordinal);
        folder.Write("h", text.Replace(right, wrong, StringComparison.Ordinal));
        string message = Assert.Throws<InvalidInputException>(() => MigrationHistory.Read(folder.Path("h"))).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }
}
