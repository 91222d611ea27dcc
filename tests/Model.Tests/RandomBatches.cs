namespace Clew.Model.Tests;

/// <summary>Batches that use every column, drawn from a seed.</summary>
internal sealed class RandomBatches(int seed)
{
    readonly Random _random = new(seed);

    public SpanBatch Next(int spanCountMax = 40)
    {
        var batch = new SpanBatch();
        var resources = _random.Next(1, 4);
        for (var resource = 0; resource < resources; resource++)
            AddResource(batch);
        var spans = _random.Next(spanCountMax + 1);
        for (var span = 0; span < spans; span++)
            AddSpan(batch);
        return batch;
    }

    void AddResource(SpanBatch batch)
    {
        AddAttributes(batch, batch.Resources.Attributes, 4);
        for (var entities = _random.Next(3); entities > 0; entities--)
            batch.Resources.Entities.Add(Text(batch), Text(batch), [Text(batch), Text(batch)], _random.Next(2) == 0 ? [] : [Text(batch)]);
        var resource = batch.Resources.End(Count(), Text(batch));
        for (var scopes = _random.Next(1, 3); scopes > 0; scopes--)
        {
            AddAttributes(batch, batch.Scopes.Attributes, 2);
            batch.Scopes.End(resource, Text(batch), Text(batch), Count(), Text(batch));
        }
    }

    void AddSpan(SpanBatch batch)
    {
        AddAttributes(batch, batch.Spans.Attributes, 6);
        for (var events = _random.Next(3); events > 0; events--)
        {
            AddAttributes(batch, batch.Events.Attributes, 3);
            batch.Events.Add(Time(), Text(batch), Count());
        }

        for (var links = _random.Next(3); links > 0; links--)
        {
            AddAttributes(batch, batch.Links.Attributes, 2);
            batch.Links.Add(new TraceId(Word(), Word()), new SpanId(Word()), Text(batch), (uint)Word(), Count());
        }

        batch.EndSpan(new SpanRow
        {
            TraceId = new TraceId(1, (ulong)_random.Next(1, 6)),
            SpanId = new SpanId((ulong)_random.Next(1, 30)),
            ParentSpanId = new SpanId((ulong)_random.Next(0, 30)),
            Start = Time(),
            End = Time(),
            Scope = _random.Next(batch.Scopes.Count),
            Name = Text(batch),
            TraceState = Text(batch),
            StatusMessage = Text(batch),
            Flags = (uint)Word(),
            DroppedAttributeCount = Count(),
            DroppedEventCount = Count(),
            DroppedLinkCount = Count(),
            Kind = (SpanKind)_random.Next(6),
            Status = (StatusCode)_random.Next(3),
        });
    }

    void AddAttributes(SpanBatch batch, AttributeColumns columns, int countMax)
    {
        for (var count = _random.Next(countMax + 1); count > 0; count--)
            columns.Add(Text(batch), Value(batch, 0));
    }

    AnyValue Value(SpanBatch batch, int depth) => _random.Next(depth < 3 ? 8 : 6) switch
    {
        0 => default,
        1 => AnyValue.OfString(Text(batch)),
        2 => AnyValue.OfBool(_random.Next(2) == 0),
        3 => AnyValue.OfInt((long)Word()),
        4 => AnyValue.OfDouble(_random.Next(4) == 0 ? double.NaN : _random.NextDouble()),
        5 => AnyValue.OfBytes(Text(batch)),
        6 => Container(batch, depth, isMap: false),
        _ => Container(batch, depth, isMap: true),
    };

    AnyValue Container(SpanBatch batch, int depth, bool isMap)
    {
        var count = _random.Next(4);
        var first = batch.Nested.Append(count);
        for (var at = 0; at < count; at++)
            batch.Nested.Set(first + at, isMap ? Text(batch) : 0, Value(batch, depth + 1));
        return isMap ? AnyValue.OfMap(first, count) : AnyValue.OfArray(first, count);
    }

    int Text(SpanBatch batch) => batch.Strings.Intern(_random.Next(12) switch
    {
        0 => "",
        1 => "service.name",
        2 => "größer ☃ 𝄞",
        var other => "text-" + other,
    });

    UnixNanos Time() => new(_random.Next(10) == 0 ? Word() : 1_700_000_000_000_000_000UL + (ulong)_random.Next(1_000_000));

    uint Count() => _random.Next(3) == 0 ? (uint)_random.Next() : 0;

    ulong Word() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
}
