namespace Clew.Model;

/// <summary>Columns of a <see cref="SpanBatch"/>, as a reader asks for them.</summary>
[Flags]
public enum SpanFields
{
    None = 0,
    TraceIds = 1 << 0,
    SpanIds = 1 << 1,
    ParentSpanIds = 1 << 2,
    Starts = 1 << 3,
    Ends = 1 << 4,
    Names = 1 << 5,
    Kinds = 1 << 6,
    Statuses = 1 << 7,
    StatusMessages = 1 << 8,
    TraceStates = 1 << 9,

    /// <summary>Flags and the counts of what the sender dropped.</summary>
    Others = 1 << 10,

    /// <summary>Events with all they carry.</summary>
    Events = 1 << 11,

    /// <summary>Links with all they carry.</summary>
    Links = 1 << 12,
    All = (1 << 13) - 1,
}
