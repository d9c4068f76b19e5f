using System.Text;
using ScottPlot;
using SkiaSharp;

namespace VirtOpt.Cli.Benchmarking;

/// <summary>Draws the plots of a ledger, each as SVG and as PNG, into a folder of their own beside it.</summary>
/// <param name="folder">Folder of the ledger.</param>
/// <param name="suite">The suite.</param>
internal sealed class PlotFiles(string folder, Suite suite)
{
    private const int Width = 900;
    private const int Height = 560;

    /// <summary>Plain fonts of the usual systems; the first one that is here is used.</summary>
    private static readonly string[] PlainFonts = ["Open Sans", "Noto Sans", "Segoe UI", "Helvetica", "Arial", "DejaVu Sans", "Liberation Sans"];

    /// <summary>The font of all plots.</summary>
    internal static string FontName { get; } = PlainFonts.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? Fonts.Default;

    /// <summary>Name of the folder of the plots.</summary>
    public string Folder => $"{suite.Name}.plots";

    /// <summary>The plots that a ledger has, without their endings, with what they show. A plot without data is left out.</summary>
    public static IEnumerable<PlotSpec> Specs(LedgerFiles ledger)
    {
        IReadOnlyList<LedgerRow> rows = ledger.Rows;
        if (GapPlot.HasData(rows)) yield return new PlotSpec("gap-by-size", "Gap by size", () => GapPlot.Draw(rows));
        if (ProfilePlot.HasData(rows)) yield return new PlotSpec("performance-profile", "Performance profile", () => ProfilePlot.Draw(rows));
        foreach (IGrouping<string, LedgerRow> problem in rows.GroupBy(r => r.Key.Problem))
        {
            LedgerRow[] runs = [.. problem.Where(r => ledger.Curve(r.Key).Count > 0)];
            if (runs.Length > 0)
                yield return new PlotSpec($"cost-{Slug(problem.Key)}", $"Cost over time: {problem.Key}", () => CostPlot.Draw(runs, ledger.Curve));
        }
    }

    /// <summary>Draws all plots.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public IReadOnlyList<string> Write(LedgerFiles ledger)
    {
        List<string> files = [];
        foreach (PlotSpec spec in Specs(ledger))
        {
            Directory.CreateDirectory(Path.Combine(folder, Folder));
            string path = Path.Combine(folder, Folder, spec.Name);
            using Plot plot = spec.Draw();
            plot.Title(spec.Title);
            plot.Font.Set(FontName);
            string svg = plot.GetSvgXml(Width, Height);
            byte[] png = plot.GetImageBytes(Width, Height, ImageFormat.Png);
            Files.Write($"{path}.svg", stream => stream.Write(Encoding.UTF8.GetBytes(svg)));
            Files.Write($"{path}.png", stream => stream.Write(png));
            files.AddRange($"{path}.svg", $"{path}.png");
        }

        return files;
    }

    /// <summary>A text as part of a file name.</summary>
    private static string Slug(string text) =>
        string.Join('-', string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? char.ToLowerInvariant(c) : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A plot that a ledger has.</summary>
/// <param name="Name">Name of its file, without ending.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Draw">Draws it.</param>
internal sealed record PlotSpec(string Name, string Title, Func<Plot> Draw);
