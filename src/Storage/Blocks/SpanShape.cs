using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What repeats from span to span: name, kind, status, flags, the keys and kinds of its attributes in order, and the same of its events and links.</summary>
/// <remarks>
/// <para>A row stores the number of its shape; values are stored per key and kind, without gaps, for exactly the rows whose shape has them. So an absent attribute costs nothing,
/// order and repetition of keys survive, and a condition on anything in a shape is decided once per shape.</para>
/// <para>As numbers, each a varint where they are stored:</para>
/// <code>
/// | name | kind + status × 8 | flags | attributes | event count | per event: name, attributes | link count | per link: attributes |
/// attributes: | count | per attribute: key × 8 + kind of value |
/// </code>
/// </remarks>
internal sealed class SpanShape
{
    /// <summary>Attributes, events and links of one shape: more is no writer's work.</summary>
    public const int PartsMax = 1 << 26;

    const int KindBits = 3, KindMask = 7;

    SpanShape()
    {
    }

    public required int Name { get; init; }
    public required SpanKind Kind { get; init; }
    public required StatusCode Status { get; init; }
    public required uint Flags { get; init; }
    public required ColumnKey[] Attributes { get; init; }
    public required int[] EventNames { get; init; }
    public required ColumnKey[][] EventAttributes { get; init; }
    public required ColumnKey[][] LinkAttributes { get; init; }

    public int EventCount => EventNames.Length;

    public int LinkCount => LinkAttributes.Length;

    /// <summary>Appends the numbers of a span's shape.</summary>
    public static void Describe(SpanBatch batch, int row, Column<int> to)
    {
        var spans = batch.Spans;
        to.Add(spans.Names[row]);
        to.Add((int)spans.Kinds[row] | ((int)spans.Statuses[row] << KindBits));
        to.Add((int)spans.Flags[row]);
        DescribeAttributes(spans.Attributes, row, to);
        var events = batch.Events[row];
        to.Add(events.Count);
        for (var at = events.Start; at < events.End; at++)
        {
            to.Add(batch.Events.Names[at]);
            DescribeAttributes(batch.Events.Attributes, at, to);
        }

        var links = batch.Links[row];
        to.Add(links.Count);
        for (var at = links.Start; at < links.End; at++)
            DescribeAttributes(batch.Links.Attributes, at, to);
    }

    public static void Write(ReadOnlySpan<int> numbers, ByteWriter to)
    {
        foreach (var number in numbers)
            to.WriteVarint((uint)number);
    }

    /// <summary>Takes one shape.</summary>
    /// <param name="stringCount">Codes of names and keys are below this.</param>
    public static SpanShape Read(ref ByteReader from, int stringCount)
    {
        var name = TakeCode(ref from, stringCount);
        var kindAndStatus = from.TakeByte();
        if ((kindAndStatus & KindMask) > (int)SpanKind.Consumer || kindAndStatus >> KindBits > (int)StatusCode.Error)
            from.Fail("a kind and a status", $"{kindAndStatus}");
        var flags = from.TakeVarint();
        if (flags > uint.MaxValue)
            from.Fail("flags of 32 bits", $"{flags}");
        var attributes = ReadAttributes(ref from, ValueOwner.Span, stringCount);
        var eventNames = new int[TakeCount(ref from)];
        var eventAttributes = new ColumnKey[eventNames.Length][];
        for (var at = 0; at < eventNames.Length; at++)
        {
            eventNames[at] = TakeCode(ref from, stringCount);
            eventAttributes[at] = ReadAttributes(ref from, ValueOwner.Event, stringCount);
        }

        var linkAttributes = new ColumnKey[TakeCount(ref from)][];
        for (var at = 0; at < linkAttributes.Length; at++)
            linkAttributes[at] = ReadAttributes(ref from, ValueOwner.Link, stringCount);
        return new SpanShape
        {
            Name = name,
            Kind = (SpanKind)(kindAndStatus & KindMask),
            Status = (StatusCode)(kindAndStatus >> KindBits),
            Flags = (uint)flags,
            Attributes = attributes,
            EventNames = eventNames,
            EventAttributes = eventAttributes,
            LinkAttributes = linkAttributes,
        };
    }

    static void DescribeAttributes(AttributeColumns attributes, int owner, Column<int> to)
    {
        var rows = attributes[owner];
        ReadOnlySpan<int> keys = attributes.Keys.Values[rows.Start..rows.End];
        ReadOnlySpan<ValueKind> kinds = attributes.Values.Kinds.Values[rows.Start..rows.End];
        to.Add(keys.Length);
        for (var at = 0; at < keys.Length; at++)
            to.Add((keys[at] << KindBits) | (int)kinds[at]);
    }

    static ColumnKey[] ReadAttributes(ref ByteReader from, ValueOwner owner, int stringCount)
    {
        var attributes = new ColumnKey[TakeCount(ref from)];
        foreach (ref var attribute in attributes.AsSpan())
        {
            var number = from.TakeVarint();
            if (number >> KindBits >= (ulong)stringCount)
                from.Fail($"keys below {stringCount}", $"{number >> KindBits}");
            attribute = ColumnKey.Of(owner, (ValueKind)(number & KindMask), (int)(number >> KindBits));
        }

        return attributes;
    }

    // Each takes at least a byte: nothing is allocated for a count that the bytes at hand do not back.
    static int TakeCount(ref ByteReader from) => from.TakeCount(Math.Min(PartsMax, from.Remaining));

    static int TakeCode(ref ByteReader from, int stringCount)
    {
        var code = from.TakeVarint();
        if (code >= (ulong)stringCount)
            from.Fail($"codes below {stringCount}", $"{code}");
        return (int)code;
    }
}
