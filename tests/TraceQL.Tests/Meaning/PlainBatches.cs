using System.Globalization;
using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Plain spans as columns, and in a store.</summary>
sealed class PlainBatches
{
    readonly SpanBatch _batch = new();
    readonly Dictionary<PlainScope, int> _scopes = new(ReferenceEqualityComparer.Instance);

    public static SpanBatch Of(IEnumerable<PlainSpan> spans)
    {
        var writer = new PlainBatches();
        foreach (var span in spans)
            writer.Add(span);
        return writer._batch;
    }

    /// <summary>A store that the spans came to in batches, as each of them was dealt.</summary>
    public static async Task<MemoryStore> StoreOfAsync(IEnumerable<PlainSpan> spans, Func<int> deal)
    {
        var store = new MemoryStore();
        foreach (var batch in spans.GroupBy(_ => deal()))
            await store.AppendAsync(Of(batch), CancellationToken.None);
        return store;
    }

    void Add(PlainSpan span)
    {
        if (!_scopes.TryGetValue(span.Scope, out var scope))
            _scopes.Add(span.Scope, scope = AddScope(span.Scope));
        AddAll(_batch.Spans.Attributes, span.Attributes);
        foreach (var one in span.Events)
        {
            AddAll(_batch.Events.Attributes, one.Attributes);
            _batch.Events.Add(new UnixNanos(one.Time), Code(one.Name), 0);
        }

        foreach (var link in span.Links)
        {
            AddAll(_batch.Links.Attributes, link.Attributes);
            _batch.Links.Add(link.Trace, new SpanId(link.Span), 0, 0, 0);
        }

        _batch.EndSpan(new SpanRow
        {
            TraceId = span.Trace, SpanId = new SpanId(span.Id), ParentSpanId = new SpanId(span.Parent), Start = new UnixNanos(span.Start), End = new UnixNanos(span.End),
            Scope = scope, Name = Code(span.Name), Kind = span.Kind, Status = span.Status, StatusMessage = Code(span.Message), TraceState = Code(span.State),
        });
    }

    int AddScope(PlainScope scope)
    {
        AddAll(_batch.Resources.Attributes, scope.Resource);
        var resource = _batch.Resources.End(0, 0);
        AddAll(_batch.Scopes.Attributes, scope.Attributes);
        return _batch.Scopes.End(resource, Code(scope.Name), Code(scope.Version), 0, 0);
    }

    int Code(string text) => _batch.Strings.Intern(text);

    void AddAll(AttributeColumns columns, (string Key, object? Value)[] attributes)
    {
        foreach (var (key, value) in attributes)
            columns.Add(Code(key), ValueOf(value));
    }

    AnyValue ValueOf(object? value) => value switch
    {
        null => default,
        string text => AnyValue.OfString(Code(text)),
        bool truth => AnyValue.OfBool(truth),
        int or long => AnyValue.OfInt(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double number => AnyValue.OfDouble(number),
        byte[] bytes => AnyValue.OfBytes(_batch.Strings.Intern(bytes)),
        object?[] elements => Nested([.. elements.Select(element => ("", element))], AnyValue.OfArray),
        (string, object?)[] entries => Nested(entries, AnyValue.OfMap),
        _ => throw new ArgumentException($"No attribute value is a {value.GetType()}.", nameof(value)),
    };

    AnyValue Nested((string Key, object? Value)[] entries, Func<int, int, AnyValue> make)
    {
        var first = _batch.Nested.Append(entries.Length);
        for (var at = 0; at < entries.Length; at++)
            _batch.Nested.Set(first + at, Code(entries[at].Key), ValueOf(entries[at].Value));
        return make(first, entries.Length);
    }
}
