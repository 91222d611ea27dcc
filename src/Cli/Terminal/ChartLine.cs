namespace Clew.Cli.Terminal;

/// <param name="Samples">NaN where there is none.</param>
internal sealed record ChartLine(IReadOnlyList<(string Name, string Value)> Labels, double[] Samples)
{
    /// <summary>What sets it apart from the others.</summary>
    public string Name => Labels.Count == 0 ? "all" : TerminalText.Sanitize(string.Join(", ", Labels.Select(label => label.Name == "__name__" ? label.Value : $"{label.Name}={label.Value}")));

    public double Max => Samples.Where(sample => !double.IsNaN(sample)).DefaultIfEmpty(double.NaN).Max();

    public double Min => Samples.Where(sample => !double.IsNaN(sample)).DefaultIfEmpty(double.NaN).Min();

    /// <summary>The newest sample there is.</summary>
    public double Last => Samples.LastOrDefault(sample => !double.IsNaN(sample), double.NaN);
}
