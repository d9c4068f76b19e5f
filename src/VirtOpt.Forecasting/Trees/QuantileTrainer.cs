using System.Globalization;
using System.Text;
using static VirtOpt.Forecasting.LightGbmNative;

namespace VirtOpt.Forecasting;

/// <summary>How gradient-boosted trees are grown. The defaults are those of the shipped model.</summary>
public sealed record TreeSettings
{
    /// <summary>Trees for each quantile, at least 1; medians up to 4 hours ahead get twice as many, which pay there.</summary>
    public int Trees { get; init; } = 120;

    /// <summary>Most leaves of a tree, at least 2.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>Share of a tree's answer that is taken, above 0 and at most 1.</summary>
    public double LearningRate { get; init; } = 0.08;

    /// <summary>Fewest rows in a leaf, at least 1.</summary>
    public int LeafRows { get; init; } = 60;

    /// <summary>Most rows drawn from the history for each band of leads, at least 1.</summary>
    public int Rows { get; init; } = 100_000;

    /// <summary>Seed of the rows and of the trees.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Settings for a band of leads: far ahead there are few days to learn from, so trees are coarser.</summary>
    internal TreeSettings For(int band) => band < Bands.Count - 1
        ? this with { MedianFactor = 2 }
        : this with { Leaves = Math.Max(2, Leaves / 2), LeafRows = 4 * LeafRows };

    /// <summary>How many times as many trees the median gets.</summary>
    private int MedianFactor { get; init; } = 1;

    /// <summary>Trees for a quantile.</summary>
    internal int TreesFor(double level) => level == QuantileLevels.All[0] ? Trees * MedianFactor : Trees;
}

/// <summary>Trains trees for quantiles with LightGBM: the same rows and settings give the same trees, bit by bit.</summary>
internal static class QuantileTrainer
{
    private const int MostModelBytes = 1 << 26;

    /// <summary>Trains one ensemble for each quantile on the same rows.</summary>
    /// <param name="rows">Features, row by row.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="weights">One for each row.</param>
    /// <param name="settings">How the trees are grown.</param>
    /// <param name="earlier">Ensembles that the new trees correct and are added to; empty to begin anew.</param>
    /// <param name="cancellation">Ends the work after the next tree.</param>
    public static TreeEnsemble[] Train(
        float[] rows, float[] labels, float[] weights, TreeSettings settings, TreeEnsemble[] earlier, CancellationToken cancellation)
    {
        int columns = rows.Length / labels.Length;
        string common = Common(settings);
        Check(LGBM_DatasetCreateFromMat(rows, Float32, labels.Length, columns, 1, common, 0, out nint dataset));
        try
        {
            Check(LGBM_DatasetSetField(dataset, "label", Bytes(labels), labels.Length, Float32));
            Check(LGBM_DatasetSetField(dataset, "weight", Bytes(weights), weights.Length, Float32));
            TreeEnsemble[] trained = new TreeEnsemble[QuantileLevels.Count];
            for (int q = 0; q < trained.Length; q++)
            {
                if (earlier.Length > 0) BeginWith(dataset, earlier[q], rows, columns);
                TreeEnsemble grown = TrainOne(dataset, QuantileLevels.All[q], common, settings, cancellation);
                trained[q] = earlier.Length == 0 ? grown : TreeEnsemble.Join(earlier[q], grown);
            }

            return trained;
        }
        finally
        {
            Check(LGBM_DatasetFree(dataset));
        }
    }

    /// <summary>Trains one ensemble for each quantile on the same rows, each with labels of its own.</summary>
    /// <param name="rows">Features, row by row.</param>
    /// <param name="labels">By quantile one for each row.</param>
    /// <param name="weights">One for each row.</param>
    /// <param name="settings">How the trees are grown.</param>
    /// <param name="cancellation">Ends the work after the next tree.</param>
    public static TreeEnsemble[] TrainEach(float[] rows, float[][] labels, float[] weights, TreeSettings settings, CancellationToken cancellation)
    {
        TreeEnsemble[] trained = new TreeEnsemble[QuantileLevels.Count];
        // A few threads with one quantile each: LightGBM's own threads wait for each other actively.
        ParallelOptions parallel = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads };
        Parallel.For(0, trained.Length, parallel, q =>
        {
            Check(LGBM_DatasetCreateFromMat(rows, Float32, weights.Length, rows.Length / weights.Length, 1, Common(settings), 0, out nint dataset));
            try
            {
                Check(LGBM_DatasetSetField(dataset, "label", Bytes(labels[q]), weights.Length, Float32));
                Check(LGBM_DatasetSetField(dataset, "weight", Bytes(weights), weights.Length, Float32));
                trained[q] = TrainOne(dataset, QuantileLevels.All[q], Common(settings), settings, cancellation);
            }
            finally
            {
                Check(LGBM_DatasetFree(dataset));
            }
        });
        return trained;
    }

    private static string Common(TreeSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"max_bin=127 use_missing=false deterministic=true force_row_wise=true num_threads=1 seed={settings.Seed} verbosity=-1");

    private static void BeginWith(nint dataset, TreeEnsemble earlier, float[] rows, int columns)
    {
        double[] scores = new double[rows.Length / columns];
        for (int i = 0; i < scores.Length; i++) scores[i] = earlier.Evaluate(rows.AsSpan(i * columns, columns));
        Check(LGBM_DatasetSetField(dataset, "init_score", System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(scores), scores.Length, Float64));
    }

    private static TreeEnsemble TrainOne(nint dataset, double level, string common, TreeSettings settings, CancellationToken cancellation)
    {
        string parameters = string.Create(
            CultureInfo.InvariantCulture,
            $"objective=quantile alpha={level} num_leaves={settings.Leaves} learning_rate={settings.LearningRate} min_data_in_leaf={settings.LeafRows} "
            + $"feature_fraction=0.5 bagging_fraction=0.6 bagging_freq=1 lambda_l2=1 metric=None {common}");
        Check(LGBM_BoosterCreate(dataset, parameters, out nint booster));
        try
        {
            for (int tree = 0; tree < settings.TreesFor(level); tree++)
            {
                cancellation.ThrowIfCancellationRequested();
                Check(LGBM_BoosterUpdateOneIter(booster, out int isFinished));
                if (isFinished != 0) break;
            }

            return TreeEnsemble.FromLightGbm(TextOf(booster));
        }
        finally
        {
            Check(LGBM_BoosterFree(booster));
        }
    }

    private static ReadOnlySpan<byte> Bytes(float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values);

    private static string TextOf(nint booster)
    {
        byte[] buffer = new byte[MostModelBytes];
        Check(LGBM_BoosterSaveModelToString(booster, 0, -1, 0, buffer.Length, out long length, buffer));
        return length <= buffer.Length ? Encoding.UTF8.GetString(buffer, 0, (int)length - 1) : throw new InvalidOperationException(
            "The model is larger than 64 MiB.");
    }
}
