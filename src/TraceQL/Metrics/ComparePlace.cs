namespace Clew.TraceQL.Metrics;

/// <summary>Where a span is counted by <c>compare()</c>.</summary>
/// <param name="IsSelected">Among those that are selected, else among the others, the baseline.</param>
internal readonly record struct ComparePlace(bool IsSelected, int Bucket);
