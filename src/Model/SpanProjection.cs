using System.Collections.Immutable;

namespace Clew.Model;

/// <summary>What a reader will look at. A store may leave every other column of a batch at its defaults, which cost neither time nor memory; scopes and resources are always there.</summary>
/// <remarks>It does where that saves something: spans in memory are shown as they are, and what a column is stored relative to comes with it.</remarks>
public sealed record SpanProjection(SpanFields Fields)
{
    public static SpanProjection All { get; } = new(SpanFields.All) { HasAllAttributes = true };

    /// <summary>All attributes of spans, whatever their keys.</summary>
    public bool HasAllAttributes { get; init; }

    /// <summary>The keys of span attributes that are looked at. Attributes of resources, scopes, events and links come with their owners.</summary>
    public ImmutableHashSet<string> AttributeKeys { get; init; } = [];

    public bool Has(SpanFields fields) => (Fields & fields) == fields;

    public SpanProjection And(SpanProjection other) => new(Fields | other.Fields)
    {
        HasAllAttributes = HasAllAttributes || other.HasAllAttributes,
        AttributeKeys = AttributeKeys.Union(other.AttributeKeys),
    };
}
