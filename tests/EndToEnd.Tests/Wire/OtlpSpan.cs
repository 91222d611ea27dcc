using System.Globalization;
using System.Text;

namespace Clew.EndToEnd.Tests.Wire;

/// <summary>
/// A span as OTLP describes it, in the tests' own words: no type of Clew takes part in a comparison. Ids are lower-case hexadecimal, "" when absent.
/// </summary>
internal sealed record OtlpSpan
{
    public required string TraceId { get; init; }
    public required string SpanId { get; init; }
    public string ParentSpanId { get; init; } = "";
    public string TraceState { get; init; } = "";
    public uint Flags { get; init; }
    public required string Name { get; init; }

    /// <summary>0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; init; }
    public required long StartNanos { get; init; }
    public required long EndNanos { get; init; }
    public OtlpAttribute[] Attributes { get; init; } = [];
    public OtlpEvent[] Events { get; init; } = [];
    public OtlpLink[] Links { get; init; } = [];

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public int StatusCode { get; init; }
    public string StatusMessage { get; init; } = "";
    public long DroppedAttributesCount { get; init; }
    public long DroppedEventsCount { get; init; }
    public long DroppedLinksCount { get; init; }
    public required OtlpResource Resource { get; init; }
    public OtlpScope Scope { get; init; } = OtlpScope.Empty;

    /// <summary>Everything about the span, one fact to a line, so that a failed comparison shows the fact that differs.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Line(text, $"span {TraceId} {SpanId} parent={ParentSpanId} state={TraceState} flags={Flags:x} name={Name} kind={Kind}");
        Line(text, $"  time {StartNanos}..{EndNanos} status={StatusCode} {StatusMessage}");
        Line(text, $"  dropped {DroppedAttributesCount} {DroppedEventsCount} {DroppedLinksCount}");
        Describe(text, "  attribute ", Attributes);
        foreach (var occurred in Events)
        {
            Line(text, $"  event {occurred.TimeNanos} {occurred.Name}");
            Describe(text, "    attribute ", occurred.Attributes);
        }

        foreach (var link in Links)
        {
            Line(text, $"  link {link.TraceId} {link.SpanId} state={link.TraceState} flags={link.Flags:x}");
            Describe(text, "    attribute ", link.Attributes);
        }

        Line(text, $"  resource schema={Resource.SchemaUrl}");
        Describe(text, "    attribute ", Resource.Attributes);
        Line(text, $"  scope {Scope.Name} {Scope.Version} schema={Scope.SchemaUrl}");
        Describe(text, "    attribute ", Scope.Attributes);
        return text.ToString();
    }

    /// <summary>The spans by id, so that the order of arrival does not count.</summary>
    public static string Describe(IEnumerable<OtlpSpan> spans) =>
        string.Join('\n', spans.OrderBy(span => span.SpanId, StringComparer.Ordinal).Select(span => span.Describe()));

    static void Describe(StringBuilder text, string prefix, OtlpAttribute[] attributes)
    {
        foreach (var attribute in attributes)
            Line(text, $"{prefix}{attribute.Key} = {Describe(attribute.Value)}");
    }

    static string Describe(object? value) => value switch
    {
        null => "nothing",
        string text => $"string \"{text}\"",
        bool flag => flag ? "bool true" : "bool false",
        long number => string.Create(CultureInfo.InvariantCulture, $"int {number}"),
        double number => string.Create(CultureInfo.InvariantCulture, $"double {number:R}"),
        byte[] bytes => $"bytes {Convert.ToHexStringLower(bytes)}",
        OtlpAttribute[] map => $"{{{string.Join(", ", map.Select(entry => $"{entry.Key}: {Describe(entry.Value)}"))}}}",
        object?[] list => $"[{string.Join(", ", list.Select(Describe))}]",
        _ => throw new ArgumentException($"{value.GetType()} is not a type that OTLP knows."),
    };

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
