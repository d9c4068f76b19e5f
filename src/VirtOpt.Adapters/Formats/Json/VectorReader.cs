namespace VirtOpt;

/// <summary>Reads amounts by dimension, <c>{"cpu": 2000, "memory": 4096}</c>. Equal vectors are made once: a million VMs have few shapes.</summary>
internal sealed class VectorReader(IReadOnlyList<Dimension> dimensions)
{
    private readonly Dictionary<ResourceVector, ResourceVector> known = [];
    private readonly long[] amounts = new long[dimensions.Count];

    /// <summary>Reads the vector that the cursor stands on.</summary>
    /// <param name="cursor">Where to read.</param>
    /// <param name="mayOmit">True if dimensions may be left out.</param>
    /// <param name="omitted">The amount of those.</param>
    public ResourceVector Read(JsonCursor cursor, bool mayOmit, long omitted = 0)
    {
        System.Array.Fill(amounts, -1);
        cursor.Map("amounts by dimension", name =>
        {
            int d = 0;
            while (d < amounts.Length && dimensions[d].Name != name) d++;
            if (d == amounts.Length) throw cursor.Error($"there is no dimension ({name})", JsonFields.Advice(name, dimensions.Select(x => x.Name)));
            if (amounts[d] >= 0) throw cursor.Error($"the dimension ({name}) is there twice", "two versions were joined.");
            amounts[d] = cursor.Amount();
        });
        for (int d = 0; d < amounts.Length; d++)
        {
            if (amounts[d] < 0 && !mayOmit)
                throw cursor.Error($"the amount of dimension ({dimensions[d].Name}) is missing", $"it is 0 {dimensions[d].Unit}; write that.");
            if (amounts[d] < 0) amounts[d] = omitted;
        }

        return Shared(ResourceVector.Create(amounts));
    }

    private ResourceVector Shared(ResourceVector vector)
    {
        if (known.TryGetValue(vector, out ResourceVector? shared)) return shared;
        if (known.Count < 100_000) known[vector] = vector;
        return vector;
    }
}
