using System.Numerics;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Benchmarks;

/// <summary>What the spans of a block would take at their entropy, as far as it can be had with simple contexts.</summary>
/// <remarks>
/// Ids are random and cost all of their bits; times cost their distance from what precedes them in the trace, which is noise below its magnitude; a value costs a mention
/// when the trace just had it, else what its key has led to expect, else its characters, each by what stood at its place before. Everything else is a choice that depends
/// on the operation and the row before, and costs what an arithmetic coder with those contexts would spend (<see cref="AdaptiveModel"/>).
/// </remarks>
internal sealed class EntropyFloor
{
    readonly AdaptiveModel _model = new();
    readonly Dictionary<string, double> _bits = [];
    readonly Dictionary<(string Owner, ulong Key), (string Name, double[] Bits)> _keys = [];
    readonly Dictionary<ulong, ulong> _lastOfKey = [];
    readonly Dictionary<ulong, int> _rowOfId = [];
    readonly List<ulong> _instants = [];
    SpanBatch _batch = new();
    ulong[] _scopes = [];
    ulong _lastTraceStart;
    int _traceStart;

    public long SpanCount { get; private set; }

    /// <summary>Bits by group of columns.</summary>
    public IEnumerable<(string Group, double Bits)> Groups => _bits.Select(pair => (pair.Key, pair.Value))
        .Concat(_keys.Select(pair => (pair.Key.Owner, pair.Value.Bits.Min())))
        .GroupBy(part => part.Item1, (group, parts) => (group, parts.Sum(part => part.Item2)));

    /// <summary>Bits by attribute, the dearest first.</summary>
    public IEnumerable<(string Attribute, double Bits)> Attributes =>
        _keys.Select(pair => ($"{pair.Key.Owner}: {pair.Value.Name}", pair.Value.Bits.Min())).OrderByDescending(key => key.Item2);

    public void Add(SpanBatch batch)
    {
        _batch = batch;
        _scopes = [.. Enumerable.Range(0, batch.Scopes.Count).Select(HashOfScope)];
        var ids = batch.Spans.TraceIds.Values;
        for (var row = 0; row < ids.Length; row++)
        {
            if (row == 0 || ids[row] != ids[row - 1])
                BeginTrace(row);
            AddSpan(row, row == _traceStart);
        }

        SpanCount += ids.Length;
    }

    void BeginTrace(int row)
    {
        _traceStart = row;
        _lastOfKey.Clear();
        _rowOfId.Clear();
        _instants.Clear();
        var spans = _batch.Spans;
        for (var at = row; at < spans.Count && spans.TraceIds[at] == spans.TraceIds[row]; at++)
            _rowOfId[spans.SpanIds[at].Value] = at;
        Spend("trace ids", 128);
        var start = spans.Starts[row].Value;
        Spend("starts", _model.CostOfMagnitude(Hash("trace start"), ZigZag.Encode((long)(start - _lastTraceStart))));
        _lastTraceStart = start;
    }

    void AddSpan(int row, bool isFirst)
    {
        var spans = _batch.Spans;
        var before = isFirst ? 0 : OperationOf(row - 1);
        var operation = OperationOf(row);
        Spend("span ids", 64);
        Spend("operations", _model.Cost(Hash("operation", before), operation, 32));
        Spend("operations", _model.Cost(Hash("scope", operation, isFirst ? 0 : _scopes[spans.Scopes[row - 1]]), _scopes[spans.Scopes[row]], 32));
        Spend("operations", _model.Cost(Hash("status", operation), (ulong)spans.Statuses[row], 2));
        Spend("operations", _model.Cost(Hash("rest", operation), Hash("", spans.Flags[row], Text(spans.StatusMessages[row]), Text(spans.TraceStates[row])), 64));
        Spend("parents", CostOfParent(row, isFirst, operation, before));
        AddTimes(row, isFirst, operation, before);
        AddAttributes("span attributes", _batch.Spans.Attributes, row, operation);
        AddEvents(row, operation);
        AddLinks(row, operation);
    }

    // Which ancestor of the row before is the parent: itself, its parent, …
    double CostOfParent(int row, bool isFirst, ulong operation, ulong before)
    {
        var parent = _batch.Spans.ParentSpanIds[row].Value;
        var up = 0UL;
        for (var at = isFirst ? -1 : row - 1; at >= 0 && up < 64; up++)
        {
            if (_batch.Spans.SpanIds[at].Value == parent)
                return _model.Cost(Hash("parent", operation, before), up, 6);
            at = _rowOfId.GetValueOrDefault(_batch.Spans.ParentSpanIds[at].Value, -1);
        }

        var kind = parent == 0 ? 100UL : _rowOfId.ContainsKey(parent) ? 101UL : 102UL;
        return _model.Cost(Hash("parent", operation, before), kind, 6) + (kind == 100 ? 0 : kind == 101 ? Math.Log2(_rowOfId.Count) : 64);
    }

    // A span begins soon after something before it began or ended; it lasts as such spans do, or until soon after its last child.
    void AddTimes(int row, bool isFirst, ulong operation, ulong before)
    {
        var spans = _batch.Spans;
        ulong start = spans.Starts[row].Value, end = spans.Ends[row].Value;
        if (!isFirst)
        {
            var latest = _instants.FindLastIndex(instant => instant <= start);
            var from = latest < 0 ? spans.Starts[row - 1].Value : _instants[latest];
            var skipped = (ulong)_instants.Count(instant => instant > spans.Starts[row - 1].Value && instant <= start);
            Spend("starts", _model.Cost(Hash("skipped", operation, before), skipped, 6));
            Spend("starts", _model.CostOfMagnitude(Hash("start", operation, before), ZigZag.Encode((long)(start - from))));
        }

        var lastChild = 0UL;
        for (var at = row + 1; at < spans.Count && spans.TraceIds[at] == spans.TraceIds[row]; at++)
        {
            if (spans.ParentSpanIds[at] == spans.SpanIds[row])
                lastChild = Math.Max(lastChild, spans.Ends[at].Value);
        }

        Spend("durations", lastChild == 0
            ? _model.CostOfMagnitude(Hash("duration", operation), end - start)
            : _model.CostOfMagnitude(Hash("tail", operation), ZigZag.Encode((long)(end - lastChild))));
        foreach (var instant in (ReadOnlySpan<ulong>)[start, end])
        {
            var place = _instants.BinarySearch(instant);
            _instants.Insert(place < 0 ? ~place : place, instant);
        }
    }

    void AddEvents(int row, ulong operation)
    {
        var events = _batch.Events;
        var rows = events[row];
        Spend("events", _model.Cost(Hash("event count", operation), (ulong)rows.Count, 8));
        ulong name = 0, time = _batch.Spans.Starts[row].Value, length = _batch.Spans.Ends[row].Value - time;
        for (var at = rows.Start; at < rows.End; at++)
        {
            var here = Text(events.Names[at]);
            Spend("events", _model.Cost(Hash("event name", operation, name), here, 32));
            // A fixed distance from either end of the span, or anywhere on it.
            var (fromStart, fromEnd) = (events.Times[at].Value - _batch.Spans.Starts[row].Value, _batch.Spans.Ends[row].Value - events.Times[at].Value);
            Spend("events", Math.Min(
                _model.Cost(Hash("event start", here), fromStart, BitsOf(length)), _model.Cost(Hash("event end", here), fromEnd, BitsOf(length))) + 0.1);
            name = here;
            AddAttributes("event attributes", events.Attributes, at, here);
        }
    }

    void AddLinks(int row, ulong operation)
    {
        var links = _batch.Links;
        var rows = links[row];
        Spend("links", _model.Cost(Hash("link count", operation), (ulong)rows.Count, 8));
        for (var at = rows.Start; at < rows.End; at++)
        {
            var isOwn = links.TraceIds[at] == _batch.Spans.TraceIds[row];
            Spend("links", _model.Cost(Hash("own trace", operation), isOwn ? 1UL : 0, 1) + (isOwn ? 0 : 128));
            Spend("links", isOwn && _rowOfId.TryGetValue(links.SpanIds[at].Value, out var target) ? _model.Cost(Hash("link row", operation), (ulong)(row - target), 8) : 64);
            AddAttributes("link attributes", links.Attributes, at, operation);
        }
    }

    void AddAttributes(string owner, AttributeColumns attributes, int at, ulong operation)
    {
        var rows = attributes[at];
        var shape = 0UL;
        for (var row = rows.Start; row < rows.End; row++)
            shape = Hash("", shape, Text(attributes.Keys[row]), (ulong)attributes.Values[row].Kind);
        Spend(owner, _model.Cost(Hash("shape", operation), shape, 32));
        for (var row = rows.Start; row < rows.End; row++)
            AddValue(owner, attributes.Keys[row], attributes.Values[row], operation);
    }

    void AddValue(string owner, int keyCode, AnyValue value, ulong operation)
    {
        var key = Text(keyCode);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, (owner, key), out _);
        if (known.Name is null)
            known = (_batch.Strings.GetString(keyCode), new double[6]);
        var symbol = value.IsText ? Text(value.Code) : (ulong)value.Bits;
        var number = value.Kind switch
        {
            ValueKind.Double when Math.Round(value.Number * 1e6) is var scaled && scaled / 1e6 == value.Number && Math.Abs(scaled) < 1e15 => ZigZag.Encode((long)scaled),
            _ => ZigZag.Encode(value.Bits),
        };
        var literal = value.IsText ? CostOfText(key, _batch.Strings[value.Code]) : BitsOf(number) + 6;
        var isKnown = _lastOfKey.TryGetValue(key, out var last);
        var repeats = isKnown ? _model.Cost(Hash("repeats", key, operation), last == symbol ? 1UL : 0, 1) : 0;
        var isRepeat = isKnown && last == symbol;
        // The cheapest way for each key as a whole: by operation or not, by value or as a number, as a mention where the trace just had it, as a step from that.
        known.Bits[0] += _model.Cost(Hash("by operation", key, operation), symbol, literal);
        known.Bits[1] += repeats + (isRepeat ? 0 : _model.Cost(Hash("by key", key), symbol, literal));
        known.Bits[2] += value.IsText ? literal : _model.CostOfMagnitude(Hash("number", key, operation), number);
        known.Bits[3] += repeats + (isRepeat ? 0 : value.IsText ? literal : _model.CostOfMagnitude(Hash("new number", key), number));
        known.Bits[4] += value.IsText ? literal : _model.CostOfMagnitude(Hash("step", key, operation), ZigZag.Encode((long)(symbol - last)));
        known.Bits[5] += _model.Cost(Hash("after", key, isKnown ? last : 0), symbol, literal);
        _lastOfKey[key] = symbol;
    }

    double CostOfText(ulong key, ReadOnlySpan<byte> text)
    {
        var bits = _model.Cost(Hash("length", key), (ulong)text.Length, 12);
        for (var at = 0; at < text.Length; at++)
            bits += at < 64 ? _model.Cost(Hash("character", key, (ulong)at), text[at], 7) : _model.Cost(Hash("character", key, 64, text[at - 1]), text[at], 7);
        return bits;
    }

    ulong OperationOf(int row) => Hash("name", Text(_batch.Spans.Names[row]), (ulong)_batch.Spans.Kinds[row]);

    ulong HashOfScope(int scope)
    {
        var hash = Hash("", Text(_batch.Scopes.Names[scope]), Text(_batch.Scopes.Versions[scope]));
        var attributes = _batch.Resources.Attributes;
        var rows = attributes[_batch.Scopes.Resources[scope]];
        for (var row = rows.Start; row < rows.End; row++)
            hash = Hash("", hash, Text(attributes.Keys[row]), attributes.Values[row] is { IsText: true } text ? Text(text.Code) : (ulong)attributes.Values[row].Bits);
        return hash;
    }

    void Spend(string group, double bits) => CollectionsMarshal.GetValueRefOrAddDefault(_bits, group, out _) += bits;

    ulong Text(int code) => StableHash.Of(_batch.Strings[code]);

    static double BitsOf(ulong number) => Math.Max(1, 64 - BitOperations.LeadingZeroCount(number));

    static ulong Hash(string what, params ReadOnlySpan<ulong> parts)
    {
        var hash = StableHash.Of(MemoryMarshal.AsBytes(what.AsSpan()));
        foreach (var part in parts)
            hash = StableHash.Of(new TraceId(hash, part));
        return hash;
    }
}
