using System.IO.Compression;
using System.Text;

namespace VirtOpt;

/// <summary>Reads and writes files: gzip is seen through, broken input ends in one clear error, and output is there whole or not at all.</summary>
public static class Files
{
    /// <summary>Most bytes that an input file may hold after unpacking: 8 GiB, far above a cluster of a million VMs.</summary>
    public const long MaxBytes = 8L << 30;

    private const int BufferSize = 1 << 16;

    /// <summary>Opens a file for reading; gzip is recognised by its first bytes, whatever the name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be opened, or its name ends with .gz and its content is not gzip. The stream throws the same
    /// on reading a damaged file.</exception>
    public static Stream OpenRead(string path)
    {
        FileStream file = Guard(path, "read", () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize));
        Span<byte> magic = stackalloc byte[2];
        bool isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        if (isGzip) return new InputStream(path, new GZipStream(file, CompressionMode.Decompress));
        if (!IsGzipName(path)) return new InputStream(path, file);
        file.Dispose();
        throw InvalidInputException.Because(
            $"{path}: the name ends with .gz but the content does not begin with the gzip bytes (1f 8b).",
            "the file was renamed, or a download ended in an error page.");
    }

    /// <summary>The first characters of a file, unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">How many bytes to look at.</param>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public static string ReadHead(string path, int bytes = BufferSize)
    {
        using Stream stream = OpenRead(path);
        byte[] head = new byte[bytes];
        int read = stream.ReadAtLeast(head, bytes, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(head, 0, read).TrimStart('\uFEFF');
    }

    /// <summary>
    /// Writes a file aside, in the same folder, and gives it its name when it is whole; an existing file is replaced. Packed if the name ends with .gz.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string aside = Path.Combine(Path.GetDirectoryName(full) ?? ".", $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        Guard(path, "written", () =>
        {
            try
            {
                using (FileStream file = new(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
                    WriteContent(file, IsGzipName(path), write);
                File.Move(aside, full, overwrite: true);
                return full;
            }
            finally
            {
                File.Delete(aside);
            }
        });
    }

    /// <summary>The only file of a list.</summary>
    /// <exception cref="InvalidInputException">There is none, or more than one.</exception>
    internal static string Single(IReadOnlyList<string> paths, string format) => paths.Count == 1
        ? paths[0]
        : throw InvalidInputException.Because(
            $"The format ({format}) takes one file; found {paths.Count}.", "another format was meant; see the list of formats.");

    private static void WriteContent(FileStream file, bool packed, Action<Stream> write)
    {
        if (!packed)
        {
            write(file);
            return;
        }

        using GZipStream gzip = new(file, CompressionLevel.Optimal, leaveOpen: true);
        write(gzip);
    }

    private static bool IsGzipName(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static T Guard<T>(string path, string done, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(
                $"{path}: the file cannot be {done}: {e.Message}\nMaybe the path is mistyped, or its folder is missing or not open to you.", e);
        }
    }

    /// <summary>A stream that turns damage into one clear error and ends at <see cref="MaxBytes"/>.</summary>
    private sealed class InputStream(string path, Stream inner) : Stream
    {
        private long total;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => total; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            try
            {
                int read = inner.Read(buffer);
                total += read;
                return total <= MaxBytes ? read : throw InvalidInputException.Because(
                    $"{path}: the content is above {MaxBytes >> 30} GiB.", "this is not a cluster file.");
            }
            catch (InvalidDataException e)
            {
                throw new InvalidInputException(
                    $"{path}: the gzip data is damaged or ends too early, after {total} bytes of content.\nMaybe a copy or download was cut off.", e);
            }
            catch (IOException e)
            {
                throw new InvalidInputException(
                    $"{path}: reading failed after {total} bytes: {e.Message}\nMaybe the disk or network has a fault, or this is a folder.", e);
            }
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
