namespace VirtOpt;

/// <summary>Policy files: <c>{"constraints": [...], "objectives": [...]}</c>, with the objects of the virtopt format.</summary>
internal static class PolicyJson
{
    public static Policy Read(string path, ClusterSnapshot cluster)
    {
        using JsonCursor cursor = new(path);
        return Read(cursor, cluster);
    }

    public static Policy Read(JsonCursor cursor, ClusterSnapshot cluster)
    {
        (List<Constraint> constraints, List<Objective> objectives) = ([], []);
        RuleReader rules = new(cursor, cluster);
        JsonFields<Policy> fields = new("policy")
        {
            { "format", (c, _) => Format(c) },
            { "version", (c, _) => c.Whole(1, 1) },
            { "constraints", (c, _) => c.Array("constraints", () => constraints.Add(rules.Constraint())) },
            { "objectives", (c, _) => c.Array("objectives", () => objectives.Add(rules.Objective())) },
        };
        cursor.Next();
        cursor.Object(fields, Policy.None);
        cursor.End();
        return new Policy(constraints, objectives);
    }

    private static void Format(JsonCursor cursor)
    {
        if (cursor.Text() != "virtopt-policy") throw cursor.Expected("\"virtopt-policy\"");
    }
}
