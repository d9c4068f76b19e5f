using System.Globalization;
using System.Text;

namespace VirtOpt;

/// <summary>Writes a file of htools again, with instances on other primary nodes.</summary>
internal static class HtoolsWriter
{
    /// <summary>
    /// Writes the file. Only three columns change: primary nodes, and the free memory and disk of online nodes, as far as instances that use them moved.
    /// </summary>
    /// <param name="file">What was read.</param>
    /// <param name="primaries">The primary node of each instance.</param>
    /// <param name="stream">Where to; stays open.</param>
    public static void Write(HtoolsFile file, int[] primaries, Stream stream)
    {
        long[] memory = [.. file.Nodes.Select(n => n.FreeMemory)];
        long[] disk = [.. file.Nodes.Select(n => n.FreeDisk)];
        string[] lines = [.. file.Lines];
        for (int i = 0; i < primaries.Length; i++)
        {
            HtoolsInstance instance = file.Instances[i];
            (int from, int to) = (instance.Primary, primaries[i]);
            if (from == to) continue;
            Set(lines, instance.Line, HtoolsInstance.PrimaryColumn, file.Nodes[to].Name);
            (long usedMemory, long usedDisk) = (instance.IsDown ? 0 : instance.Memory, instance.IsLocal ? instance.Disk : 0);
            (memory[from], memory[to]) = (memory[from] + usedMemory, memory[to] - usedMemory);
            (disk[from], disk[to]) = (disk[from] + usedDisk, disk[to] - usedDisk);
        }

        foreach ((int n, HtoolsNode node) in file.Online)
        {
            Set(lines, node.Line, HtoolsNode.FreeMemoryColumn, memory[n].ToString(CultureInfo.InvariantCulture));
            Set(lines, node.Line, HtoolsNode.FreeDiskColumn, disk[n].ToString(CultureInfo.InvariantCulture));
        }

        using StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        foreach (string line in lines) text.WriteLine(line);
    }

    private static void Set(string[] lines, int line, int column, string value)
    {
        string[] fields = lines[line - 1].Split('|');
        fields[column] = value;
        lines[line - 1] = string.Join('|', fields);
    }
}
