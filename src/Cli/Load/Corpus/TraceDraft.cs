using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A trace of the corpus as it is being drawn: a clock that simulated work moves on, and the spans so far, the root first.</summary>
internal sealed class TraceDraft(SeededRandom random, long startNanos)
{
    public TraceId Id { get; } = new(random.Next(), random.Next());
    public List<SpanDraft> Spans { get; } = [];
    public SpanDraft Root => Spans[0];

    /// <summary>The present on the corpus' own time line. Set back where branches run at the same time.</summary>
    public long NowNanos { get; set; } = startNanos;

    /// <summary>The attribute of the root by which this trace, and no other, is found.</summary>
    public SpanAttribute Unique { get; private set; }

    public SpanDraft Open(SpanDraft? parent, ServiceInstance service, string name, SpanKind kind = SpanKind.Internal)
    {
        var span = new SpanDraft { Trace = this, Id = random.Next() | 1, Parent = parent, Service = service, Name = name, Kind = kind, StartNanos = NowNanos };
        Spans.Add(span);
        return span;
    }

    /// <summary>Lets time pass: about this long.</summary>
    public void Work(double medianMicros, double spread = 0.45) => NowNanos += random.Work(medianMicros, spread);

    public static void Close(SpanDraft span) => span.EndNanos = span.Trace.NowNanos;

    /// <summary>A span without children, from now until its work is done.</summary>
    public SpanDraft Step(SpanDraft parent, ServiceInstance service, string name, double medianMicros, SpanKind kind = SpanKind.Internal)
    {
        var span = Open(parent, service, name, kind);
        Work(medianMicros);
        Close(span);
        return span;
    }

    /// <summary>Gives the root its unique attribute.</summary>
    public UniqueText Mark(string key, string prefix)
    {
        var value = new UniqueText(prefix, random.Next());
        Unique = new SpanAttribute(key, value);
        Root.Set(key, value);
        return value;
    }

    /// <summary>The work of a span failed: an exception there, and an error from it up to the root.</summary>
    public static void Fail(SpanDraft cause, string type, string message)
    {
        cause.Events.Add(new SpanEvent("exception", cause.EndNanos,
        [
            new SpanAttribute("exception.type", type), new SpanAttribute("exception.message", message),
            new SpanAttribute("exception.stacktrace", StackOf(cause, type, message)),
        ]));
        cause.Set("error.type", type);
        for (var span = cause; span is not null; span = span.Parent)
        {
            span.IsError = true;
            span.StatusMessage = span == cause ? message : "";
        }
    }

    static string StackOf(SpanDraft cause, string type, string message)
    {
        var frames = new List<string> { $"{type}: {message}" };
        for (var span = cause; span is not null; span = span.Parent)
            frames.Add($"   at {span.Service.Scope}.{span.Name.Replace('.', '_')}({span.Service.System}/{span.Name.Split('.')[0]}.py:line {40 + span.Name.Length})");
        return string.Join('\n', frames);
    }
}
