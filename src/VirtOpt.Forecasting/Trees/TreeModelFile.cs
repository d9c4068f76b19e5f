using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace VirtOpt.Forecasting;

/// <summary>
/// Trained trees in a file: a mark, a version, the names of the features, the trees, and the SHA-256 of all that, packed. A file that is damaged, of
/// another kind, of another
/// version or made for other features is refused, each with its own words.
/// </summary>
public static class TreeModelFile
{
    /// <summary>Version of the file.</summary>
    public const int Version = 1;

    private const string Mark = "virtopt-forecasting-trees";
    private const int HashBytes = 32;
    private const int MostItems = 1 << 26;

    /// <summary>Writes a model. The same model gives the same bytes.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, TreeModel model)
    {
        byte[] content = Content(model);
        Files.Write(path, stream =>
        {
            stream.Write(Encoding.ASCII.GetBytes(Mark));
            using BrotliStream packed = new(stream, CompressionLevel.Optimal, leaveOpen: true);
            packed.Write(content);
            packed.Write(SHA256.HashData(content));
        });
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidInputException">It is not a whole model of this version for these features.</exception>
    public static TreeModel Read(string path)
    {
        using Stream stream = Files.OpenRead(path);
        return Read(path, stream);
    }

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="path">Name of the model, for messages.</param>
    /// <param name="stream">Its content.</param>
    internal static TreeModel Read(string path, Stream stream)
    {
        byte[] mark = new byte[Mark.Length];
        if (stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) < mark.Length || Encoding.ASCII.GetString(mark) != Mark)
            throw InvalidInputException.Because($"{path}: this is not a forecasting model of VirtOpt.",
                "another file was named, or it was made by another program.");
        byte[] content = Unpack(path, stream);
        using BinaryReader reader = new(new MemoryStream(content), Encoding.UTF8);
        try
        {
            return Parse(path, reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or IndexOutOfRangeException)
        {
            throw Damaged(path, e);
        }
    }

    private static byte[] Unpack(string path, Stream stream)
    {
        try
        {
            using BrotliStream packed = new(stream, CompressionMode.Decompress);
            using MemoryStream all = new();
            packed.CopyTo(all);
            byte[] bytes = all.ToArray();
            if (bytes.Length <= HashBytes || !SHA256.HashData(bytes.AsSpan(0,
                bytes.Length - HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes)))
                throw Damaged(path, null);
            return bytes[..^HashBytes];
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw Damaged(path, e);
        }
    }

    private static TreeModel Parse(string path, BinaryReader reader)
    {
        int version = reader.ReadInt32();
        if (version != Version)
            throw InvalidInputException.Because($"{path}: the model has version {version}; this VirtOpt reads {Version}.",
                "it has to be trained again: virtopt train.");
        string schema = reader.ReadString();
        if (schema != FeatureBuilder.Schema)
            throw InvalidInputException.Because($"{path}: the model was trained on other features than this VirtOpt makes.",
                "it has to be trained again: virtopt train.");
        TimeSpan step = new(reader.ReadInt64());
        DimensionTrees[] trees = new DimensionTrees[Bounded(reader.ReadInt32(), 100)];
        for (int d = 0; d < trees.Length; d++)
        {
            (string name, float floor) = (reader.ReadString(), reader.ReadSingle());
            TreeEnsemble[] ensembles = new TreeEnsemble[Bands.Count * QuantileLevels.Count];
            for (int e = 0; e < ensembles.Length; e++)
                ensembles[e] = new TreeEnsemble(Ints(reader), Shorts(reader), Floats(reader), Ints(reader), Ints(reader), Floats(reader));
            trees[d] = new DimensionTrees(name, floor, ensembles);
        }

        return new TreeModel(step, trees);
    }

    private static byte[] Content(TreeModel model)
    {
        using MemoryStream memory = new();
        using BinaryWriter writer = new(memory, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(FeatureBuilder.Schema);
        writer.Write(model.Step.Ticks);
        writer.Write(model.Trees.Count());
        foreach (DimensionTrees trees in model.Trees)
        {
            writer.Write(trees.Dimension);
            writer.Write(trees.Floor);
            foreach (TreeEnsemble one in trees.Ensembles)
            {
                Write(writer, one.Roots, writer.Write);
                Write(writer, one.Features, writer.Write);
                Write(writer, one.Thresholds, writer.Write);
                Write(writer, one.Left, writer.Write);
                Write(writer, one.Right, writer.Write);
                Write(writer, one.Leaves, writer.Write);
            }
        }

        writer.Flush();
        return memory.ToArray();
    }

    private static void Write<T>(BinaryWriter writer, T[] items, Action<T> write)
    {
        writer.Write(items.Length);
        foreach (T item in items) write(item);
    }

    private static int[] Ints(BinaryReader reader) => Items(reader, reader.ReadInt32);

    private static short[] Shorts(BinaryReader reader) => Items(reader, reader.ReadInt16);

    private static float[] Floats(BinaryReader reader) => Items(reader, reader.ReadSingle);

    private static T[] Items<T>(BinaryReader reader, Func<T> read)
    {
        T[] items = new T[Bounded(reader.ReadInt32(), MostItems)];
        for (int i = 0; i < items.Length; i++) items[i] = read();
        return items;
    }

    private static int Bounded(int count, int most) => count >= 0 && count <= most ? count : throw new ArgumentException($"{count} items");

    private static InvalidInputException Damaged(string path, Exception? inner) => new(
        $"{path}: the forecasting model is damaged: its content does not match its checksum.\nMaybe a copy or download was cut off: copy it again.", inner!);
}
