using System.Text;
using ScottPlot;
using VirtOpt.Cli.Benchmarking;

namespace VirtOpt.Cli.Rendering;

/// <summary>A chart in a file, SVG or PNG by the ending of its name.</summary>
internal static class PictureFile
{
    /// <summary>Refuses a name that says no picture format.</summary>
    /// <exception cref="InvalidInputException">It ends neither with .svg nor with .png.</exception>
    public static void CheckName(string path)
    {
        if (!IsSvg(path) && !path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw InvalidInputException.Because($"{path}: the name of the chart ends neither with .svg nor with .png.", "the ending was left out.");
    }

    /// <summary>Writes a chart.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, Plot plot, int width, int height)
    {
        plot.Font.Set(PlotFiles.FontName);
        byte[] picture = IsSvg(path) ? Encoding.UTF8.GetBytes(plot.GetSvgXml(width, height)) : plot.GetImageBytes(width, height, ImageFormat.Png);
        Files.Write(path, stream => stream.Write(picture));
    }

    private static bool IsSvg(string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
}
