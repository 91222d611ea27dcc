using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Clew.Cli.Terminal;

/// <summary>What standard output is: how wide, and whether colours mean anything there.</summary>
/// <param name="Width">Columns.</param>
/// <param name="IsEndless">Whether text may go on beyond them: whoever gets the output of a pipe wants all of it.</param>
internal sealed record Screen(int Width, Palette Palette, bool IsEndless = false)
{
    const int WidthWithoutTerminal = 120;
    const int WidthMin = 40;
    const int OutputBufferBytes = 64 << 10;

    /// <summary>Standard output for much text at once: written in large pieces, the last of them when it is disposed.</summary>
    public static StreamWriter OpenOutput() => new(Console.OpenStandardOutput(), bufferSize: OutputBufferBytes);

    /// <summary>Standard output for lines that are to be seen at once.</summary>
    /// <remarks>A pipe that nobody reads any more is an <see cref="IOException"/>, which the console's own stream keeps to itself.</remarks>
    public static StreamWriter OpenLines()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // In a file it would write over what others append.
        return new StreamWriter(pipe.CanSeek ? Console.OpenStandardOutput() : pipe) { AutoFlush = true };
    }

    /// <summary>Standard output for a server's answer as it is.</summary>
    public static async Task WriteAsync(ReadOnlyMemory<byte> answer, CancellationToken cancellation)
    {
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(answer, cancellation);
        await output.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    /// <summary>Cuts a text to the columns that are left for it, where there is an end to them.</summary>
    public string Fit(string text, int room) => IsEndless ? text : TerminalText.Truncate(text, room);

    /// <summary>Colours on a terminal, unless NO_COLOR is set (no-color.org) or TERM is dumb. COLUMNS overrides the width; without it nothing is cut where there is no terminal.</summary>
    public static Screen OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var isColoured = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        var isGiven = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0;
        var width = isGiven ? columns
            : isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWithoutTerminal;
        return new Screen(Math.Max(WidthMin, width), new Palette(isColoured), IsEndless: !isTerminal && !isGiven);
    }
}
