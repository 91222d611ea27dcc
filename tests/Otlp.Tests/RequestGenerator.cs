using System.Runtime.InteropServices;

namespace Clew.Otlp.Tests;

/// <summary>Random export requests as bytes, with everything protobuf allows a sender: fields in any order, singular fields twice, unknown fields.</summary>
sealed class RequestGenerator(Random random)
{
    static readonly string[] Words =
        ["", "a", "service.name", "http.request.method", "GET", "größe", "日本語", "\0", "🧶", "quo\"te\\\n", "x".PadRight(130, 'y'), "\u2028", "</script>"];

    static readonly double[] Doubles =
        [0, -0.0, 1.5, -1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1, 1e16, 123456789.125];

    static readonly ulong[] Numbers = [0, 1, 127, 128, 300, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue];

    public byte[] Request() => Message([.. Some(3, () => Wire.Bytes(1, [ResourceSpans()]))]);

    byte[] ResourceSpans() => Message(
        [.. Singular(() => Wire.Bytes(1, [Resource()])), .. Some(3, () => Wire.Bytes(2, [ScopeSpans()])), .. Singular(() => Text(3))]);

    byte[] ScopeSpans() => Message(
        [.. Singular(() => Wire.Bytes(1, [Scope()])), .. Some(4, () => Wire.Bytes(2, [Span()])), .. Singular(() => Text(3))]);

    byte[] Resource() => Message([.. Attributes(1), .. Singular(() => Wire.Varint(2, Number())), .. Some(1, () => Wire.Bytes(3, [EntityRef()]))]);

    byte[] EntityRef() => Message([.. Singular(() => Text(1)), .. Singular(() => Text(2)), .. Some(3, () => Text(3)), .. Some(3, () => Text(4))]);

    byte[] Scope() => Message(
        [.. Singular(() => Text(1)), .. Singular(() => Text(2)), .. Attributes(3), .. Singular(() => Wire.Varint(4, Number()))]);

    byte[] Span() => Message(
    [
        Identity(1, 16), Identity(2, 8), .. Singular(() => Text(3)), .. Singular(() => MaybeIdentity(4, 8)), .. Singular(() => Text(5)),
        .. Singular(() => Wire.Varint(6, Enum(5))), .. Singular(() => Wire.Fixed64(7, Number())), .. Singular(() => Wire.Fixed64(8, Number())), .. Attributes(9),
        .. Singular(() => Wire.Varint(10, Number())), .. Some(2, () => Wire.Bytes(11, [Event()])), .. Singular(() => Wire.Varint(12, Number())),
        .. Some(2, () => Wire.Bytes(13, [Link()])), .. Singular(() => Wire.Varint(14, Number())), .. Singular(() => Wire.Bytes(15, [Status()])),
        .. Singular(() => Wire.Fixed32(16, (uint)Number())),
    ]);

    byte[] Event() => Message(
        [.. Singular(() => Wire.Fixed64(1, Number())), .. Singular(() => Text(2)), .. Attributes(3), .. Singular(() => Wire.Varint(4, Number()))]);

    byte[] Link() => Message(
    [
        .. Singular(() => MaybeIdentity(1, 16)), .. Singular(() => MaybeIdentity(2, 8)), .. Singular(() => Text(3)), .. Attributes(4),
        .. Singular(() => Wire.Varint(5, Number())), .. Singular(() => Wire.Fixed32(6, (uint)Number())),
    ]);

    byte[] Status() => Message([.. Singular(() => Text(2)), .. Singular(() => Wire.Varint(3, Enum(2)))]);

    IEnumerable<byte[]> Attributes(int number) => Some(3, () => Wire.Bytes(number, [KeyValue(0)]));

    byte[] KeyValue(int depth) => Message([.. Singular(() => Text(1)), .. Singular(() => Wire.Bytes(2, [Value(depth)]))]);

    byte[] Value(int depth) => Message([.. Singular(() => Case(depth))]);

    byte[] Case(int depth) => random.Next(depth > 5 ? 5 : 8) switch
    {
        0 => Text(1),
        1 => Wire.Varint(2, Number()),
        2 => Wire.Varint(3, Number()),
        3 => Wire.Fixed64(4, (ulong)BitConverter.DoubleToInt64Bits(Doubles[random.Next(Doubles.Length)])),
        4 => Wire.Bytes(7, [RandomBytes(random.Next(20))]),
        5 or 6 => Wire.Bytes(5, [Message([.. Some(3, () => Wire.Bytes(1, [Value(depth + 1)]))])]),
        _ => Wire.Bytes(6, [Message([.. Some(3, () => Wire.Bytes(1, [KeyValue(depth + 1)]))])]),
    };

    /// <summary>Absent, once, or, which is rare in practice but legal, several times.</summary>
    IEnumerable<byte[]> Singular(Func<byte[]> field)
    {
        var count = random.Next(12) switch { < 3 => 0, < 10 => 1, 10 => 2, _ => 3 };
        for (; count > 0; count--)
            yield return field();
    }

    IEnumerable<byte[]> Some(int countMax, Func<byte[]> field)
    {
        for (var count = random.Next(countMax + 1); count > 0; count--)
            yield return field();
    }

    byte[] Message(List<byte[]> fields)
    {
        if (random.Next(8) == 0)
            fields.Add(Unknown());
        if (random.Next(3) == 0)
            random.Shuffle(CollectionsMarshal.AsSpan(fields));
        return Wire.Join(fields);
    }

    byte[] Unknown()
    {
        var number = random.Next(2) == 0 ? random.Next(100, 2000) : (1 << 29) - 1;
        return random.Next(6) switch
        {
            0 => Wire.Varint(number, Number()),
            1 => Wire.Fixed64(number, Number()),
            2 => Wire.Fixed32(number, 7),
            3 => Wire.Group(number, [Wire.Varint(1, 5), Wire.Group(2, [Text(1)])]),
            4 => Wire.Fixed32(random.Next(1, 3), 7), // A known number with a wire type that none of the messages gives it.
            _ => Wire.Bytes(number, [RandomBytes(random.Next(30))]),
        };
    }

    byte[] Text(int number) => Wire.Text(number, Words[random.Next(Words.Length)]);

    byte[] Identity(int number, int bytes)
    {
        var id = RandomBytes(bytes);
        id[random.Next(bytes)] |= 1;
        return Wire.Bytes(number, [id]);
    }

    byte[] MaybeIdentity(int number, int bytes) => random.Next(4) switch
    {
        0 => Wire.Bytes(number, [new byte[bytes]]),
        1 => Wire.Bytes(number, []),
        _ => Identity(number, bytes),
    };

    ulong Number() => random.Next(3) == 0 ? (ulong)random.NextInt64() : Numbers[random.Next(Numbers.Length)];

    ulong Enum(int known) => random.Next(6) == 0 ? Number() : (ulong)random.Next(known + 1);

    byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
