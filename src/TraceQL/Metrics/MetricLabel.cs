namespace Clew.TraceQL.Metrics;

public readonly record struct MetricLabel(string Name, Value Value)
{
    /// <summary>The name of the label that says which function a series comes from, where nothing else is said.</summary>
    public const string FunctionName = "__name__";

    /// <summary>The name of the label that says up to what values a series of a histogram counts.</summary>
    public const string Bucket = "__bucket";
}
