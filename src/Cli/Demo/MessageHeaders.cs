using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace Clew.Cli.Demo;

/// <summary>What a message between two processes carries besides its content: the W3C headers <c>traceparent</c> and <c>tracestate</c>.</summary>
internal sealed class MessageHeaders
{
    static readonly TraceContextPropagator W3C = new();
    readonly Dictionary<string, string> _entries = new(StringComparer.OrdinalIgnoreCase);

    MessageHeaders()
    {
    }

    /// <summary>The sender's side: <paramref name="span"/> becomes the parent of whatever the receiver starts.</summary>
    public static MessageHeaders From(Activity span)
    {
        var headers = new MessageHeaders();
        W3C.Inject(new PropagationContext(span.Context, Baggage.Current), headers, static (target, name, value) => target._entries[name] = value);
        return headers;
    }

    /// <summary>The receiver's side. A receiver believes nothing else about where it stands.</summary>
    public ActivityContext Parent => W3C.Extract(default, this, static (source, name) => source._entries.TryGetValue(name, out var value) ? [value] : []).ActivityContext;
}
