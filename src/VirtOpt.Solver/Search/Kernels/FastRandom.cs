using System.Numerics;

namespace VirtOpt.Solver.Search.Kernels;

/// <summary>
/// xoshiro256** (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"), seeded by splitmix64: a few nanoseconds a number.
/// </summary>
internal sealed class FastRandom
{
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    public FastRandom(long seed)
    {
        ulong state = unchecked((ulong)seed);
        (a, b, c, d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    /// <summary>A number from 0 to one less than <paramref name="count"/>, which is above 0 (multiply-shift; Lemire 2019).</summary>
    public int Next(int count) => unchecked((int)(((Bits() >> 32) * (uint)count) >> 32));

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => (Bits() >> 11) * (1.0 / (1UL << 53));

    private ulong Bits()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(b * 5, 7) * 9;
            ulong shifted = b << 17;
            c ^= a;
            d ^= b;
            b ^= c;
            a ^= d;
            c ^= shifted;
            d = BitOperations.RotateLeft(d, 45);
            return result;
        }
    }

    private static ulong Split(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
