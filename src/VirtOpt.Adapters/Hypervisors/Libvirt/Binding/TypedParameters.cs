using System.Runtime.InteropServices;

namespace VirtOpt;

/// <summary>virTypedParameter arrays: 96 bytes each, name 80, type 4, padding 4, value 8.</summary>
internal sealed unsafe class TypedParameters : IDisposable
{
    private const int Size = 96;
    private const int TypeAt = 80;
    private const int ValueAt = 88;
    private nint pointer;
    private int count;
    private int room;

    /// <summary>The array; null if there is none.</summary>
    public nint Pointer => pointer;

    /// <summary>How many there are.</summary>
    public uint Count => (uint)count;

    /// <summary>Adds a text unless it is null.</summary>
    public void Add(string name, string? value)
    {
        if (value is not null && LibvirtNative.virTypedParamsAddString(ref pointer, ref count, ref room, name, value) < 0) throw LibvirtException.Last();
    }

    /// <summary>Adds a number unless it is null.</summary>
    public void Add(string name, long? value)
    {
        if (value is { } number && LibvirtNative.virTypedParamsAddULLong(ref pointer, ref count, ref room, name,
            (ulong)number) < 0) throw LibvirtException.Last();
    }

    /// <summary>Adds a number that may be below 0, unless it is null.</summary>
    public void AddSigned(string name, long? value)
    {
        if (value is { } number && LibvirtNative.virTypedParamsAddLLong(ref pointer, ref count, ref room, name, number) < 0) throw LibvirtException.Last();
    }

    /// <summary>Adds a small number unless it is null.</summary>
    public void AddSmall(string name, long? value)
    {
        if (value is { } number && LibvirtNative.virTypedParamsAddUInt(ref pointer, ref count, ref room, name, (uint)number) < 0) throw LibvirtException.Last();
    }

    /// <summary>The numbers that a call fills in: asked once for their number and once for them. Empty if it refuses.</summary>
    /// <param name="fill">The call.</param>
    public static Dictionary<string, long> Read(FillCall fill)
    {
        int number = 0;
        if (fill(0, ref number) < 0 || number == 0) return [];
        byte[] room = new byte[number * Size];
        fixed (byte* pointer = room)
            return fill((nint)pointer, ref number) < 0 ? [] : Numbers((nint)pointer, number);
    }

    /// <summary>A call that fills an array of typed parameters in.</summary>
    public delegate int FillCall(nint parameters, ref int number);

    /// <summary>The numbers of an array by name.</summary>
    /// <param name="parameters">The array.</param>
    /// <param name="number">How many there are.</param>
    /// <param name="texts">Takes the texts by name; null to leave them out.</param>
    public static Dictionary<string, long> Numbers(nint parameters, int number, Dictionary<string, string>? texts = null)
    {
        Dictionary<string, long> values = new(number, StringComparer.Ordinal);
        byte* at = (byte*)parameters;
        for (int i = 0; i < number; i++, at += Size)
        {
            long? value = *(int*)(at + TypeAt) switch
            {
                1 => *(int*)(at + ValueAt),
                2 => *(uint*)(at + ValueAt),
                3 => *(long*)(at + ValueAt),
                4 => (long)Math.Min(*(ulong*)(at + ValueAt), long.MaxValue),
                5 => (long)*(double*)(at + ValueAt),
                6 => *(at + ValueAt),
                _ => null,
            };
            string name = Marshal.PtrToStringUTF8((nint)at)!;
            if (value is { } known) values[name] = known;
            else if (*(int*)(at + TypeAt) == 7) texts?[name] = Marshal.PtrToStringUTF8(*(nint*)(at + ValueAt)) ?? "";
        }

        return values;
    }

    public void Dispose()
    {
        if (pointer != 0) LibvirtNative.virTypedParamsFree(pointer, count);
        (pointer, count) = (0, 0);
    }
}
