namespace Clew.Model;

/// <summary>The role of a span in a remote interaction; numbers as in OTLP.</summary>
/// <remarks>A number this version does not know is stored as <see cref="Unspecified"/>, as for any unknown field.</remarks>
public enum SpanKind : byte
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
