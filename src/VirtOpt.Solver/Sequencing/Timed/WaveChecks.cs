namespace VirtOpt.Solver.Sequencing.Timed;

/// <summary>
/// Adds a check between one wave and the next: what the next wave does to VMs waits for it. Hosts that boot or follow their last VM do so beside the waves.
/// </summary>
internal static class WaveChecks
{
    /// <summary>Adds the checks to the actions of a plan.</summary>
    /// <param name="actions">The actions, each with its wave.</param>
    /// <param name="pause">Seconds of a check.</param>
    public static void AddTo(List<PlannedAction> actions, long pause)
    {
        PlannedAction[] ofHosts = [.. actions.Where(a => !a.Kind.IsOfVm())];
        List<PlannedAction>[] waves = [.. actions.Where(a => a.Kind.IsOfVm()).GroupBy(a => a.Wave).OrderBy(w => w.Key).Select(w => w.ToList())];
        int id = actions.Count;
        actions.Clear();
        PlannedAction? check = null;
        foreach (List<PlannedAction> wave in waves)
        {
            PlannedAction[] now = [.. wave.Select(a => check is null ? a : a with { After = [.. a.After.Append(check.Id).Order()] })];
            actions.AddRange(now);
            if (wave == waves[^1]) break;
            long end = Math.Max(check?.End ?? 0, now.Max(a => a.End));
            check = new PlannedAction
            {
                Id = ++id,
                Kind = ActionKind.Check,
                Start = end,
                End = end + pause,
                After = [.. now.Select(a => a.Id).Order()],
                Wave = now[0].Wave,
            };
            actions.Add(check);
        }

        actions.AddRange(ofHosts);
    }
}
