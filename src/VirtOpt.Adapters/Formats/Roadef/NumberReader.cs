using System.Globalization;
using System.Text;

namespace VirtOpt;

/// <summary>
/// Reads whole, non-negative numbers between white space, one after another, from a file of any size. Refusals name file, position and value.
/// </summary>
internal sealed class NumberReader : IDisposable
{
    private const int MostShown = 40;
    private readonly string path;
    private readonly StreamReader reader;
    private readonly StringBuilder word = new();
    private long position;
    private int line = 1;

    public NumberReader(string path) => (this.path, reader) = (path, new StreamReader(Files.OpenRead(path)));

    /// <summary>The next number, within a range.</summary>
    /// <param name="what">What it means, for refusals.</param>
    /// <param name="least">Least value allowed.</param>
    /// <param name="most">Largest value allowed.</param>
    /// <exception cref="InvalidInputException">The file ends, or holds something else.</exception>
    public long Next(string what, long least, long most)
    {
        if (!ReadWord()) throw Refuse($"the file ends; expected {what}", "a copy was cut off, or a count further up is too large.");
        return Parse(what, least, most);
    }

    /// <summary>The next number from 0 on; false at the end of the file.</summary>
    public bool TryNextInt(string what, int most, out int number)
    {
        bool isThere = ReadWord();
        number = isThere ? (int)Parse(what, 0, most) : -1;
        return isThere;
    }

    /// <summary>The next number as a count or position.</summary>
    public int NextInt(string what, int least, int most) => (int)Next(what, least, most);

    /// <summary>Several numbers of one kind.</summary>
    public long[] Row(string what, int count, long most)
    {
        long[] row = new long[count];
        for (int i = 0; i < count; i++) row[i] = Next(what, 0, most);
        return row;
    }

    /// <summary>Refuses anything after the last number.</summary>
    public void End()
    {
        if (ReadWord()) throw Refuse($"found ({Shown()}); expected the end of the file", "a count further up is too small, or two files were joined.");
    }

    /// <summary>A refusal at the number that was read last.</summary>
    public InvalidInputException Refuse(string problem, string advice) =>
        InvalidInputException.Because($"{path}: line {line}, number {position}: {problem}.", advice);

    public void Dispose() => reader.Dispose();

    private long Parse(string what, long least, long most)
    {
        if (!long.TryParse(word.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < least || number > most)
            throw Refuse(
                $"found ({Shown()}); expected {what}, a whole number within {least} .. {most}",
                "the file is of another kind, or a number further up is missing or too many.");
        return number;
    }

    private bool ReadWord()
    {
        word.Clear();
        position++;
        for (int c = reader.Peek(); c >= 0 && !(word.Length > 0 && char.IsWhiteSpace((char)c)); c = reader.Peek())
        {
            reader.Read();
            if (c == '\n') line++;
            if (!char.IsWhiteSpace((char)c) && word.Length < MostShown) word.Append((char)c);
        }

        return word.Length > 0;
    }

    private string Shown() => word.Length < MostShown ? word.ToString() : $"{word}...";
}
