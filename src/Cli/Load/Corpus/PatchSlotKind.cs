namespace Clew.Cli.Load.Corpus;

internal enum PatchSlotKind : byte
{
    /// <summary>16 bytes: a span's own, or that of a link.</summary>
    TraceId,

    /// <summary>8 bytes: a span's own, its parent's, or that of a link.</summary>
    SpanId,

    /// <summary>8 bytes: nanoseconds, little-endian.</summary>
    Time,

    /// <summary>The hexadecimal digits of a <see cref="UniqueText"/>.</summary>
    Text,
}
