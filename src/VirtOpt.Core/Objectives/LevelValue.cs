namespace VirtOpt;

/// <summary>The value of one level of the objective.</summary>
/// <param name="Level">The level, 1 first; 0 where the repair of what the start broke is meant, in parts per million of the limits that are broken.</param>
/// <param name="Value">Its weighted sum.</param>
public sealed record LevelValue(int Level, long Value);
