using System.Globalization;

namespace Clew.Cli.Terminal;

/// <summary>What standard output is: how wide, and whether colours mean anything there.</summary>
/// <param name="Width">Columns.</param>
internal sealed record Screen(int Width, Palette Palette)
{
    const int WidthWithoutTerminal = 120;
    const int WidthMin = 40;
    const int OutputBufferBytes = 64 << 10;

    /// <summary>Standard output for much text at once: written in large pieces, the last of them when it is disposed.</summary>
    public static StreamWriter OpenOutput() => new(Console.OpenStandardOutput(), bufferSize: OutputBufferBytes);

    /// <summary>Colours on a terminal, unless NO_COLOR is set (no-color.org) or TERM is dumb. COLUMNS overrides the width.</summary>
    public static Screen OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var isColoured = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        var width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0
            ? columns
            : isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWithoutTerminal;
        return new Screen(Math.Max(WidthMin, width), new Palette(isColoured));
    }
}
