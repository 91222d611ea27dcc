using System.Globalization;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Batches in few words: ids are small numbers, times are nanoseconds, attributes are C# values.</summary>
internal sealed class Spans
{
    int _scope = -1;

    public SpanBatch Batch { get; } = new();

    public static TraceId TraceOne { get; } = new(1, 1);

    /// <param name="name">Any value; null for a resource without a service name.</param>
    public Spans Service(object? name, params (string Key, object? Value)[] attributes)
    {
        if (name is not null)
            Batch.Resources.Attributes.Add(Batch.Strings.Intern("service.name"), Value(name));
        Add(Batch.Resources.Attributes, attributes);
        var resource = Batch.Resources.End(0, 0);
        return Scope(resource, "", "");
    }

    /// <summary>A scope of the resource before it, or of one without attributes.</summary>
    public Spans Scope(string name, string version) =>
        Batch.Resources.Count == 0 ? Service("shop").Scope(name, version) : Scope(Batch.Resources.Count - 1, name, version);

    public Spans Event(ulong time, string name, params (string Key, object? Value)[] attributes)
    {
        Add(Batch.Events.Attributes, attributes);
        Batch.Events.Add(new UnixNanos(time), Batch.Strings.Intern(name), 0);
        return this;
    }

    public Spans Link(TraceId trace, ulong span, params (string Key, object? Value)[] attributes)
    {
        Add(Batch.Links.Attributes, attributes);
        Batch.Links.Add(trace, new SpanId(span), 0, 0, 0);
        return this;
    }

    /// <summary>Ends a span, which takes the events and links added since the last one.</summary>
    public Spans Span(
        ulong id, ulong parent = 0, ulong start = 1_000_000, ulong end = 3_000_000, string name = "op", TraceId? trace = null, SpanKind kind = SpanKind.Unspecified,
        StatusCode status = StatusCode.Unset, string message = "", string state = "", uint flags = 0, params (string Key, object? Value)[] attributes)
    {
        if (_scope < 0)
            Service("shop");
        Add(Batch.Spans.Attributes, attributes);
        Batch.EndSpan(new SpanRow
        {
            TraceId = trace ?? TraceOne, SpanId = new SpanId(id), ParentSpanId = new SpanId(parent), Start = new UnixNanos(start), End = new UnixNanos(end),
            Scope = _scope, Name = Batch.Strings.Intern(name), Kind = kind, Status = status, StatusMessage = Batch.Strings.Intern(message),
            TraceState = Batch.Strings.Intern(state), Flags = flags,
        });
        return this;
    }

    Spans Scope(int resource, string name, string version)
    {
        _scope = Batch.Scopes.End(resource, Batch.Strings.Intern(name), Batch.Strings.Intern(version), 0, 0);
        return this;
    }

    void Add(AttributeColumns columns, (string Key, object? Value)[] attributes)
    {
        foreach (var (key, value) in attributes)
            columns.Add(Batch.Strings.Intern(key), Value(value));
    }

    AnyValue Value(object? value) => value switch
    {
        null => default,
        string text => AnyValue.OfString(Batch.Strings.Intern(text)),
        bool truth => AnyValue.OfBool(truth),
        int or long => AnyValue.OfInt(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double number => AnyValue.OfDouble(number),
        byte[] bytes => AnyValue.OfBytes(Batch.Strings.Intern(bytes)),
        object?[] elements => Container([.. elements.Select(element => ("", element))], AnyValue.OfArray),
        (string, object?)[] entries => Container(entries, AnyValue.OfMap),
        _ => throw new ArgumentException($"No attribute value is a {value.GetType()}.", nameof(value)),
    };

    AnyValue Container((string Key, object? Value)[] entries, Func<int, int, AnyValue> make)
    {
        var first = Batch.Nested.Append(entries.Length);
        for (var at = 0; at < entries.Length; at++)
            Batch.Nested.Set(first + at, Batch.Strings.Intern(entries[at].Key), Value(entries[at].Value));
        return make(first, entries.Length);
    }
}
