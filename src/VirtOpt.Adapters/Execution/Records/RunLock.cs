namespace VirtOpt;

/// <summary>Keeps two runs from changing the same hosts at once: a file that one process holds. It ends with the process, however that ends.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock of an inventory: a file beside it.</summary>
    /// <param name="inventory">The inventory file.</param>
    /// <exception cref="InvalidInputException">Another run has it, or it cannot be made.</exception>
    public static RunLock Take(string inventory)
    {
        string path = inventory + ".lock";
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: another run works on these hosts, or the lock cannot be made: {e.Message}\nMaybe it is soon over.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
