namespace VirtOpt.Cli;

/// <summary>Looks at an output file or folder before the work for it begins.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file that cannot be written or that is one of the inputs.</summary>
    /// <exception cref="InvalidInputException">Its folder is missing, it is a folder itself, or it is an input.</exception>
    public static void Check(string? path, IReadOnlyList<string> inputs)
    {
        if (path is null) return;
        if (path.Length == 0) throw InvalidInputException.Because("The name of the output file is empty.", "a variable of the shell is not set.");
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw InvalidInputException.Because($"{path}: the output is a folder.", "the name of a file in it was left out.");
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw InvalidInputException.Because($"{path}: the folder of the output does not exist.", "it has to be made first.");
        if (inputs.Any(input => Path.GetFullPath(input) == full))
            throw InvalidInputException.Because($"{path}: the output is one of the inputs and would replace it.", "another name was meant.");
    }

    /// <summary>Makes a folder for output if it is not there.</summary>
    /// <exception cref="InvalidInputException">It cannot be made, or is a file.</exception>
    public static void MakeFolder(string path)
    {
        if (path.Length == 0) throw InvalidInputException.Because("The name of the output folder is empty.", "a variable of the shell is not set.");
        if (File.Exists(path))
            throw InvalidInputException.Because($"{path}: the output is a file; expected a folder.", "the folder that it lies in was meant.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: the output folder cannot be made: {e.Message}\nMaybe the folder that it lies in is not open to you.", e);
        }
    }
}
