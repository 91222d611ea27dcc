namespace Clew.Storage.Columns;

/// <summary>The columns of a stored batch, in the order in which they are written. The numbers are part of the formats.</summary>
/// <remarks>Where values appear, the seven streams of <see cref="ValueStream"/> follow: an owner's column id plus the stream's number.</remarks>
internal enum ColumnId : byte
{
    StringLengths = 1,
    StringBytes = 2,

    NestedKeys = 8,
    NestedValues = 9,

    ResourceAttributes = 16,
    ResourceDroppedAttributes = 26,
    ResourceSchemaUrls = 27,
    EntityCounts = 28,
    EntitySchemaUrls = 29,
    EntityTypes = 30,
    EntityIdKeyCounts = 31,
    EntityDescriptionKeyCounts = 32,
    EntityKeys = 33,

    ScopeAttributes = 40,
    ScopeResources = 50,
    ScopeNames = 51,
    ScopeVersions = 52,
    ScopeDroppedAttributes = 53,
    ScopeSchemaUrls = 54,

    /// <summary>Blocks only, see <c>SpanShape</c>: per span its shape, and the shapes that only one row group has.</summary>
    Shapes = 62,
    OwnShapes = 63,

    TraceRunLengths = 64,
    TraceIds = 65,
    SpanIds = 66,
    ParentDistances = 67,
    ParentSpanIds = 68,
    TraceStarts = 69,
    Starts = 70,
    Durations = 71,
    Scopes = 72,
    Names = 73,
    TraceStates = 74,
    StatusMessages = 75,
    Flags = 76,
    DroppedAttributes = 77,
    DroppedEvents = 78,
    DroppedLinks = 79,
    Kinds = 80,
    Statuses = 81,

    /// <summary>Blocks only, per run of a trace.</summary>
    KeepWeights = 82,
    KeepReasons = 83,
    SpanAttributes = 84,

    EventCounts = 100,
    EventTimes = 101,
    EventNames = 102,
    EventDroppedAttributes = 103,
    EventAttributes = 104,

    /// <summary>Blocks only: links within the trace, as distances in rows.</summary>
    LinkTargets = 119,
    LinkCounts = 120,
    LinkTraceIds = 121,
    LinkSpanIds = 122,
    LinkTraceStates = 123,
    LinkFlags = 124,
    LinkDroppedAttributes = 125,
    LinkAttributes = 126,
}
