namespace VirtOpt;

/// <summary>A host of the inventory with its connection, which is opened when it is needed and again when it broke.</summary>
internal sealed class LibvirtHost(InventoryHost inventory, TimeSpan patience) : IDisposable
{
    private readonly Lock gate = new();
    private LibvirtConnection? connection;

    public InventoryHost Inventory => inventory;

    /// <summary>The connection, open and answering.</summary>
    /// <exception cref="LibvirtException">The daemon cannot be reached.</exception>
    public LibvirtConnection Connection()
    {
        lock (gate)
        {
            if (connection is { IsAlive: true }) return connection;
            connection?.Dispose();
            connection = null;
            return connection = LibvirtConnection.Open(inventory.Uri, patience);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            connection?.Dispose();
            connection = null;
        }
    }
}
