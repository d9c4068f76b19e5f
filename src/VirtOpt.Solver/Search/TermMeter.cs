using System.Diagnostics.CodeAnalysis;

namespace VirtOpt.Solver.Search;

/// <summary>Keeps the amount of one term while loads change.</summary>
internal abstract class TermMeter
{
    /// <summary>The loads that the term reads.</summary>
    public abstract IEnumerable<LoadFamily> Families { get; }

    /// <summary>True if the amount is computed when it is asked for, because a change of load does not tell it.</summary>
    public virtual bool IsLazy => false;

    /// <summary>True if the term is a requirement.</summary>
    public bool IsRequired { get; set; }

    /// <summary>The levels that the amount counts in, with its weights.</summary>
    public List<(int Level, long Weight)> Uses { get; } = [];

    /// <summary>The amount now.</summary>
    public abstract long Amount { get; }

    /// <summary>What the amount adds to a level.</summary>
    public long AmountIn(int level)
    {
        long sum = 0;
        foreach ((int used, long weight) in Uses)
            if (used == level) sum += weight * Amount;
        return sum;
    }

    /// <summary>By how much the term breaks what is tolerated; as long as nothing was tolerated, the amount.</summary>
    public virtual long Excess => Math.Max(0, Amount - (Tolerated is null ? 0 : Tolerated[0]));

    /// <summary>What is tolerated, per cell for terms judged cell by cell, else one number; null for nothing. Set before <see cref="Reset"/>.</summary>
    public IReadOnlyList<long>? Tolerated { get; set; }

    /// <summary>Recomputes everything from the loads.</summary>
    public abstract void Reset();

    /// <summary>Called before the load of a cell changes.</summary>
    public virtual void Before(LoadFamily family, int cell) { }

    /// <summary>Called after the load of a cell has changed.</summary>
    public virtual void After(LoadFamily family, int cell) { }

    /// <summary>True if a change of loads is judged without being made: see <see cref="TryChange"/>.</summary>
    public virtual bool IsSeparable => false;

    /// <summary>Judges a change of the load of a cell; false if it breaks a requirement that is judged cell by cell more than is tolerated.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="change">By how much its load changes.</param>
    /// <param name="sum">Increased by what the sum over the cells gains.</param>
    public virtual bool TryChange(int cell, long change, ref long sum) => throw new NotSupportedException($"{GetType().Name} is not separable.");

    /// <summary>By how much the amount changes if the sum over the cells changes.</summary>
    public virtual long AmountChange(long sum) => throw new NotSupportedException($"{GetType().Name} is not separable.");

    /// <summary>By how much the excess of a requirement changes if the sum over the cells changes, unless it is judged cell by cell.</summary>
    public virtual long ExcessChange(long sum) => throw new NotSupportedException($"{GetType().Name} is not separable.");

    /// <summary>The share of a cell, for terms judged cell by cell.</summary>
    public virtual long CellAmount(int cell) => throw new NotSupportedException($"{GetType().Name} is not judged cell by cell.");

    /// <summary>The meter of a kind of term.</summary>
    public static TermMeter For(Term term, PlacementState state, PlacementModel model) => term switch
    {
        SumTerm sum => new SumMeter(sum, state),
        MaxTerm max => new MaxMeter(max, state),
        ImplyTerm imply => new ImplyMeter(imply, state),
        FitTerm fit => new FitMeter(fit, state),
        AllowanceTerm allowance => new AllowanceMeter(allowance, state),
        FailoverTerm failover => new FailoverMeter(failover, state, model),
        _ => throw new NotSupportedException($"No meter for {term.GetType().Name}."),
    };

    private sealed class SumMeter(SumTerm term, PlacementState state) : TermMeter
    {
        private readonly bool byCell = Tolerances.IsByCell(term);
        private long sum;
        private long excess;

        public override IEnumerable<LoadFamily> Families => [term.Family];

        public override long Amount => term.Amount(sum);

        public override long Excess => byCell ? excess : base.Excess;

        public override void Reset()
        {
            (sum, excess) = (0, 0);
            bool onlyLoaded = term.Functions is SameFunction { IsZeroAtZero: true };
            foreach (int cell in onlyLoaded ? state.LoadedCells(term.Family) : Enumerable.Range(0, term.Family.CellCount)) Count(cell, 1);
        }

        public override void Before(LoadFamily family, int cell) => Count(cell, -1);

        public override void After(LoadFamily family, int cell) => Count(cell, 1);

        public override bool IsSeparable => true;

        public override bool TryChange(int cell, long change, ref long sum)
        {
            CellFunction function = term.Functions[cell];
            long load = state.Load(term.Family, cell);
            long before = function.At(load);
            long after = function.At(load + change);
            sum += after - before;
            if (!IsRequired || !byCell || after <= before) return true;
            return !term.PerVm && after <= (Tolerated is null ? 0 : Tolerated[cell]);
        }

        public override long AmountChange(long change) => term.Amount(sum + change) - Amount;

        public override long ExcessChange(long change) =>
            byCell ? 0 : Math.Max(0, term.Amount(sum + change) - (Tolerated is null ? 0 : Tolerated[0])) - Excess;

        public override long CellAmount(int cell) => term.Functions[cell].At(state.Load(term.Family, cell));

        private void Count(int cell, int sign)
        {
            long amount = CellAmount(cell);
            sum += sign * amount;
            if (byCell) excess += sign * Math.Max(0, amount - (Tolerated is null ? 0 : Tolerated[cell]));
        }
    }

    /// <summary>A tournament over all cells: a change of one load replays only the matches on its way to the top.</summary>
    private sealed class MaxMeter : TermMeter
    {
        private readonly MaxTerm term;
        private readonly PlacementState state;
        private readonly ILookup<LoadFamily, (TermPart Part, int First)> parts;
        private readonly int cells;
        private readonly long[] winners;

        public MaxMeter(MaxTerm term, PlacementState state)
        {
            (this.term, this.state) = (term, state);
            List<(TermPart, int)> firsts = [];
            foreach (TermPart part in term.Parts)
            {
                firsts.Add((part, cells));
                cells += part.Family.CellCount;
            }

            parts = firsts.ToLookup(p => p.Item1.Family);
            winners = new long[2 * cells];
        }

        public override IEnumerable<LoadFamily> Families => term.Parts.Select(p => p.Family);

        public override long Amount => winners[1];

        public override void Reset()
        {
            foreach ((TermPart part, int first) in parts.SelectMany(p => p))
                for (int cell = 0; cell < part.Family.CellCount; cell++) winners[cells + first + cell] = ValueOf(part, cell);
            for (int match = cells - 1; match > 0; match--) winners[match] = Math.Max(winners[2 * match], winners[(2 * match) + 1]);
        }

        public override void After(LoadFamily family, int cell)
        {
            foreach ((TermPart part, int first) in parts[family])
            {
                int at = cells + first + cell;
                winners[at] = ValueOf(part, cell);
                for (at /= 2; at > 0; at /= 2) winners[at] = Math.Max(winners[2 * at], winners[(2 * at) + 1]);
            }
        }

        private long ValueOf(TermPart part, int cell) => part.Functions[cell].At(state.Load(part.Family, cell));
    }

    private sealed class ImplyMeter(ImplyTerm term, PlacementState state) : TermMeter
    {
        private long sum;
        private long excess;

        public override IEnumerable<LoadFamily> Families => [term.If, term.Then];

        public override long Amount => sum;

        public override long Excess => excess;

        public override void Reset()
        {
            (sum, excess) = (0, 0);
            foreach (int cell in state.LoadedCells(term.If)) Count(cell, 1);
        }

        public override void Before(LoadFamily family, int cell) => Count(cell, -1);

        public override void After(LoadFamily family, int cell) => Count(cell, 1);

        public override long CellAmount(int cell) => state.Load(term.If, cell) > 0 && state.Load(term.Then, cell) <= 0 ? 1 : 0;

        private void Count(int cell, int sign)
        {
            long amount = CellAmount(cell);
            sum += sign * amount;
            excess += sign * Math.Max(0, amount - (Tolerated is null ? 0 : Tolerated[cell]));
        }
    }

    private sealed class FitMeter(FitTerm term, PlacementState state) : TermMeter
    {
        private readonly Func<LoadFamily, int, long> load = state.Load;
        private long copies;

        public override IEnumerable<LoadFamily> Families => term.Needs.Select(n => n.Family);

        public override long Amount => Math.Max(0, term.Wanted - copies);

        public override void Reset()
        {
            copies = 0;
            for (int cell = 0; cell < term.Needs[0].Room.Count; cell++) copies += term.Copies(cell, load);
        }

        public override void Before(LoadFamily family, int cell) => copies -= term.Copies(cell, load);

        public override void After(LoadFamily family, int cell) => copies += term.Copies(cell, load);
    }

    /// <summary>Keeps what the parts of each cell add up to.</summary>
    private sealed class AllowanceMeter(AllowanceTerm term, PlacementState state) : TermMeter
    {
        private readonly ILookup<LoadFamily, TermPart> parts = term.Parts.ToLookup(part => part.Family);
        private readonly long[] sums = new long[term.CellCount];
        private long amount;
        private long excess;

        public override IEnumerable<LoadFamily> Families => term.FamiliesRead();

        public override long Amount => amount;

        public override long Excess => excess;

        public override void Reset()
        {
            (amount, excess) = (0, 0);
            for (int cell = 0; cell < sums.Length; cell++)
            {
                sums[cell] = 0;
                foreach (TermPart part in term.Parts) sums[cell] += part.Functions[cell].At(state.Load(part.Family, cell));
                Count(cell, 1);
            }
        }

        public override void Before(LoadFamily family, int cell) => Change(family, cell, -1);

        public override void After(LoadFamily family, int cell) => Change(family, cell, 1);

        public override long CellAmount(int cell) => term.Amount(sums[cell]);

        private void Change(LoadFamily family, int cell, int sign)
        {
            Count(cell, -1);
            foreach (TermPart part in parts[family]) sums[cell] += sign * part.Functions[cell].At(state.Load(family, cell));
            Count(cell, 1);
        }

        private void Count(int cell, int sign)
        {
            long share = CellAmount(cell);
            amount += sign * share;
            excess += sign * Math.Max(0, share - (Tolerated is null ? 0 : Tolerated[cell]));
        }
    }

    private sealed class FailoverMeter(FailoverTerm term, PlacementState state, PlacementModel model) : TermMeter
    {
        public override bool IsLazy => true;

        public override IEnumerable<LoadFamily> Families => term.Loads;

        public override long Amount => Unsurvived.Count;

        public override long Excess => Tolerated is null ? Amount : Unsurvived.Count(failure => Tolerated[failure] == 0);

        [AllowNull]
        private HashSet<int> Unsurvived
        {
            get => field ??= [.. FailoverPacking.Unsurvived(term, state, model.Cluster)];
            set;
        }

        public override long CellAmount(int cell) => Unsurvived.Contains(cell) ? 1 : 0;

        public override void Reset() => Unsurvived = null;

        public override void After(LoadFamily family, int cell) => Unsurvived = null;
    }
}
