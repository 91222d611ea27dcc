namespace Clew.TraceQL.Tests.Meaning;

/// <summary>A spanset, as the naive evaluation has it.</summary>
sealed record NaiveSet(IReadOnlyList<PlainSpan> Spans, IReadOnlyList<(string Name, object? Value)> Attributes)
{
    public NaiveSet With(string name, object? value) => this with { Attributes = [.. Attributes.Where(attribute => attribute.Name != name), (name, value)] };
}
