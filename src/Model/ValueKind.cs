namespace Clew.Model;

/// <summary>The type of an <see cref="AnyValue"/>; numbers are the field numbers of the OTLP message's <c>oneof</c>.</summary>
public enum ValueKind : byte
{
    /// <summary>No case was set: legal, and distinct from an empty string.</summary>
    Empty = 0,
    String = 1,
    Bool = 2,
    Int = 3,
    Double = 4,
    Array = 5,
    Map = 6,
    Bytes = 7,
}
