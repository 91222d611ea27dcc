namespace Clew.Cli.Terminal;

/// <summary>A line of numbers in one line of text: <c>▁▂▅█▃</c>.</summary>
internal static class Sparkline
{
    const string Steps = "▁▂▃▄▅▆▇█";

    /// <param name="samples">NaN where there is none; more than <paramref name="width"/> are shown by the largest of each part.</param>
    public static string Of(double[] samples, double min, double max, int width)
    {
        var length = Math.Min(width, samples.Length);
        return string.Create(length, (samples, min, max), static (text, line) =>
        {
            for (var at = 0; at < text.Length; at++)
            {
                var part = line.samples.AsSpan((at * line.samples.Length / text.Length)..((at + 1) * line.samples.Length / text.Length));
                var largest = double.NaN;
                foreach (var sample in part)
                    largest = double.IsNaN(largest) || sample > largest ? sample : largest;
                text[at] = double.IsNaN(largest) ? ' ' : Steps[StepOf(largest, line.min, line.max)];
            }
        });
    }

    static int StepOf(double value, double min, double max) => max > min ? Math.Clamp((int)((value - min) / (max - min) * Steps.Length), 0, Steps.Length - 1) : 0;
}
