using System.Globalization;

namespace Clew.Model.Tests;

/// <summary>Batches in few words: ids are small numbers, times are nanoseconds, attributes are C# values.</summary>
internal sealed class BatchBuilder
{
    int _scope = -1;

    public SpanBatch Batch { get; } = new();

    public static TraceId TraceOne { get; } = new(1, 1);

    public BatchBuilder Service(string? name, params (string Key, object? Value)[] attributes)
    {
        if (name is not null)
            Batch.Resources.Attributes.Add(Batch.Strings.Intern("service.name"), Value(name));
        foreach (var (key, value) in attributes)
            Batch.Resources.Attributes.Add(Batch.Strings.Intern(key), Value(value));
        var resource = Batch.Resources.End(0, 0);
        _scope = Batch.Scopes.End(resource, Batch.Strings.Intern("lib"), Batch.Strings.Intern("1.0"), 0, 0);
        return this;
    }

    public BatchBuilder Span(
        ulong id, ulong parent = 0, ulong start = 100, ulong end = 200, string name = "op", TraceId? trace = null, SpanKind kind = SpanKind.Internal,
        StatusCode status = StatusCode.Unset, (string Key, object? Value)[]? attributes = null, (string Key, object? Value)[]? eventAttributes = null)
    {
        if (_scope < 0)
            Service("svc");
        foreach (var (key, value) in attributes ?? [])
            Batch.Spans.Attributes.Add(Batch.Strings.Intern(key), Value(value));
        if (eventAttributes is not null)
        {
            foreach (var (key, value) in eventAttributes)
                Batch.Events.Attributes.Add(Batch.Strings.Intern(key), Value(value));
            Batch.Events.Add(new UnixNanos(start), Batch.Strings.Intern("event"), 0);
        }

        Batch.EndSpan(new SpanRow
        {
            TraceId = trace ?? TraceOne, SpanId = new SpanId(id), ParentSpanId = new SpanId(parent), Start = new UnixNanos(start), End = new UnixNanos(end),
            Scope = _scope, Name = Batch.Strings.Intern(name), Kind = kind, Status = status,
        });
        return this;
    }

    public AnyValue Value(object? value) => value switch
    {
        null => default,
        string text => AnyValue.OfString(Batch.Strings.Intern(text)),
        bool truth => AnyValue.OfBool(truth),
        int or long => AnyValue.OfInt(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double number => AnyValue.OfDouble(number),
        byte[] bytes => AnyValue.OfBytes(Batch.Strings.Intern(bytes)),
        object?[] elements => Container(elements.Select(element => ("", element)).ToArray(), AnyValue.OfArray),
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
