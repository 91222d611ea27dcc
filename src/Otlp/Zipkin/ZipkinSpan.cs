using Clew.Model;

namespace Clew.Otlp.Zipkin;

/// <summary>A span under construction: what becomes of a field may depend on one that comes later. Texts are codes of the batch.</summary>
internal struct ZipkinSpan(int nestedCount, int repairedStringCount)
{
    /// <summary>Nested values before this span, to take its own back with.</summary>
    public readonly int NestedCount = nestedCount;

    /// <summary>The same for repairs.</summary>
    public readonly int RepairedStringCount = repairedStringCount;

    public SpanRow Row;
    public ulong TimestampMicros;
    public ulong DurationMicros;
    public ulong EarliestAnnotationMicros;
    public ZipkinEndpoint Local;
    public ZipkinEndpoint Remote;
    public bool IsDebug;
    public bool IsShared;
    public bool HasError;
    public int Error;
    public int ScopeName;
    public int LibraryName;
    public int ScopeVersion;
    public int LibraryVersion;
    public int ServiceNameTag;
    public bool HasPeerService;
    public bool HasPeerIp;
    public bool HasPeerPort;

    /// <summary>Kinds by Zipkin's numbers: none, client, server, producer, consumer.</summary>
    /// <remarks>A span without a kind is local to its process. A number, or name (-1), from a newer definition is taken for none.</remarks>
    public static SpanKind KindOf(long number) => number switch
    {
        1 => SpanKind.Client,
        2 => SpanKind.Server,
        3 => SpanKind.Producer,
        4 => SpanKind.Consumer,
        _ => SpanKind.Internal,
    };

    /// <summary>Sets the identity; Zipkin pads short ids, and takes a parent id that is zero, or the span's own, for none.</summary>
    public void Identify(TraceId traceId, SpanId spanId, SpanId parentId)
    {
        Row.TraceId = traceId;
        Row.SpanId = spanId;
        Row.ParentSpanId = parentId == spanId ? default : parentId;
    }
}
