namespace Clew.Cli.Load;

/// <summary>How things stood at one moment.</summary>
/// <param name="At">Since the start.</param>
internal readonly record struct LoadMoment(TimeSpan At, LoadCounts Counts, ServerFigures Server);
