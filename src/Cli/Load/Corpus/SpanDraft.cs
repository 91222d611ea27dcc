using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A span of the corpus before it is encoded. Times are nanoseconds on the corpus' own time line.</summary>
internal sealed class SpanDraft
{
    public required TraceDraft Trace { get; init; }
    public required ulong Id { get; init; }
    public required SpanDraft? Parent { get; init; }
    public required ServiceInstance Service { get; init; }
    public required string Name { get; init; }
    public required SpanKind Kind { get; init; }
    public required long StartNanos { get; init; }
    public long EndNanos { get; set; }
    public List<SpanAttribute> Attributes { get; } = [];
    public List<SpanEvent> Events { get; } = [];

    /// <summary>A span this one is linked to; it may be of another trace. Null for none.</summary>
    public SpanDraft? LinkedTo { get; set; }
    public string LinkReason { get; set; } = "";

    /// <summary>Whether the status is an error.</summary>
    public bool IsError { get; set; }
    public string StatusMessage { get; set; } = "";

    public SpanDraft Set(string key, object value)
    {
        Attributes.Add(new SpanAttribute(key, value));
        return this;
    }

    /// <summary>Adds an event at the trace's present time.</summary>
    public void Note(string name, params SpanAttribute[] attributes) => Events.Add(new SpanEvent(name, Trace.NowNanos, attributes));
}
