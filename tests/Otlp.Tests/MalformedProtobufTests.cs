using Clew.Model;

namespace Clew.Otlp.Tests;

public sealed class MalformedProtobufTests
{
    public static TheoryData<string, string, string> Malformed => new()
    {
        // Input in hexadecimal ⇒ the message as a whole: path, offset, problem.
        { "a tag cut", "80", "The request at byte 0: the message ends within a varint." },
        { "a length cut", "0A", "resource_spans[0] at byte 1: the message ends within a varint." },
        { "a length too long", "0A05", "resource_spans[0] at byte 1: length 5 overruns the 0 bytes that are left." },
        { "the second of two", "0A000A0512", "resource_spans[1] at byte 3: length 5 overruns the 1 bytes that are left." },
        { "a length of 2 GiB", "0AFFFFFFFF07", "resource_spans[0] at byte 1: length 2147483647 overruns the 0 bytes that are left." },
        { "a length of 4 GiB - 1", "0AFFFFFFFF0F", "resource_spans[0] at byte 1: length 4294967295 overruns the 0 bytes that are left." },
        { "a length of 2^63", "0A80808080808080808001", "resource_spans[0] at byte 1: a length of more than 4 GiB overruns the 0 bytes that are left." },
        { "an endless varint", "0AFFFFFFFFFFFFFFFFFFFF01", "resource_spans[0] at byte 1: a varint goes on after 10 bytes." },
        { "field zero", "0200", "The request at byte 0: field number 0 is not allowed." },
        { "a field number too large", "8280808010", "The request at byte 0: a field number is larger than 2^29 - 1." },
        { "wire type 6", "0E", "resource_spans[0] at byte 0: wire type 6 does not exist." },
        { "wire type 7", "1F", "field 3 at byte 0: wire type 7 does not exist." },
        { "an end without a start", "54", "field 10 at byte 0: the end of group 10 has no start." },
        { "a start without an end", "530801", "field 10 at byte 3: the message ends within a group." },
        { "another group's end", "530C", "field 10 at byte 1: the end of group 1 has no start." },
        { "a fixed64 cut", "0A0A120812063900" + "00000000", "resource_spans[0].scope_spans[0].spans[0].start_time_unix_nano at byte 7: 8 bytes expected, 5 are left." },
        { "a fixed32 cut", "0A091207120585010000" + "00", "resource_spans[0].scope_spans[0].spans[0].flags at byte 8: 4 bytes expected, 3 are left." },
        { "a resource's attribute", "0A060A040A020A05", "resource_spans[0].resource.attributes[0].key at byte 7: length 5 overruns the 0 bytes that are left." },
        { "an entity's key", "0A080A061A041A001A09", "resource_spans[0].resource.entity_refs[0].id_keys[1] at byte 9: length 9 overruns the 0 bytes that are left." },
        { "a scope's name", "0A0612040A020A09", "resource_spans[0].scope_spans[0].scope.name at byte 7: length 9 overruns the 0 bytes that are left." },
        {
            "an array's element", "0A1412121210" + "4A0E" + "0A0161" + "1209" + "2A07" + "0A00" + "0A030A0578",
            "resource_spans[0].scope_spans[0].spans[0].attributes[0].value.array_value.values[1].string_value at byte 20: length 5 overruns the 1 bytes that are left."
        },
        {
            "a map's entry", "0A1012" + "0E12" + "0C4A" + "0A" + "1208" + "3206" + "0A04" + "12021A" + "80",
            "resource_spans[0].scope_spans[0].spans[0].attributes[0].value.kvlist_value.values[0].value.int_value at byte 17: the message ends within a varint."
        },
        { "an event's time", "0A0812061204" + "5A02" + "0900", "resource_spans[0].scope_spans[0].spans[0].events[0].time_unix_nano at byte 9: 8 bytes expected, 1 are left." },
        { "a link's id", "0A0812061204" + "6A02" + "1203", "resource_spans[0].scope_spans[0].spans[0].links[0].span_id at byte 9: length 3 overruns the 0 bytes that are left." },
        { "a status' code", "0A0812061204" + "7A02" + "1880", "resource_spans[0].scope_spans[0].spans[0].status.code at byte 9: the message ends within a varint." },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void Malformed_bytes_are_answered_with_field_and_offset(string what, string hex, string expected)
    {
        var error = Refused(Convert.FromHexString(hex));
        Assert.True(error.Message == expected, $"{what}:\nexpected {expected}\nactual   {error.Message}");
    }

    [Fact]
    public void A_request_cut_anywhere_is_refused_or_decoded_but_never_more()
    {
        var whole = Wire.Request([.. Enumerable.Range(0, 3).Select(at => Wire.Span([Wire.Text(5, $"span {at}"), Wire.Attribute(9, "key", [Wire.Text(1, "value")])]))]);
        for (var length = 1; length < whole.Length; length++)
        {
            var error = Refused(whole.AsSpan(0, length));
            Assert.StartsWith("resource_spans[0]", error.Path, StringComparison.Ordinal);
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Fact]
    public void Arrays_nested_beyond_the_limit_are_refused_and_up_to_it_are_kept()
    {
        Assert.Equal(1, Codec.FromProtobuf(Nested(64)).Report.SpanCount);
        Assert.EndsWith("arrays and maps lie deeper in each other than the 64 levels that the limit NestingMax allows.", Refused(Nested(65)).Message, StringComparison.Ordinal);
        Assert.Equal(1, Codec.FromProtobuf(Nested(OtlpLimits.NestingBound), new OtlpLimits { NestingMax = OtlpLimits.NestingBound }).Report.SpanCount);
    }

    [Fact]
    public void Nesting_of_a_hundred_thousand_levels_is_refused_without_harm() => Assert.Contains("NestingMax", Refused(Nested(100_000)).Message, StringComparison.Ordinal);

    [Fact]
    public void Groups_nested_beyond_the_limit_are_refused()
    {
        byte[] groups = [.. Enumerable.Repeat((byte)0x53, 70), .. Enumerable.Repeat((byte)0x54, 70)];
        Assert.Equal("field 10 at byte 64: groups lie deeper in each other than the 64 levels that the limit NestingMax allows.", Refused(groups).Message);
        byte[] allowed = [.. Enumerable.Repeat((byte)0x53, 64), .. Enumerable.Repeat((byte)0x54, 64)];
        Assert.Equal(0, Codec.FromProtobuf(allowed).Report.SpanCount);
    }

    [Fact]
    public void More_than_a_limit_is_refused_with_its_name_and_value()
    {
        var request = Wire.Join([Wire.Request([Wire.Span(), Wire.Span()]), Wire.Request([Wire.Span()])]);
        Assert.Contains("spans[1] at byte", Refused(request, new OtlpLimits { SpanCountMax = 1 }).Message, StringComparison.Ordinal);
        Assert.Contains("more than 2 of them, the limit SpanCountMax", Refused(request, new OtlpLimits { SpanCountMax = 2 }).Message, StringComparison.Ordinal);
        Assert.Contains("more than 1 of them, the limit ResourceCountMax", Refused(request, new OtlpLimits { ResourceCountMax = 1 }).Message, StringComparison.Ordinal);
        Assert.Contains("more than 1 of them, the limit ScopeCountMax", Refused(request, new OtlpLimits { ScopeCountMax = 1 }).Message, StringComparison.Ordinal);
        Assert.Equal(3, Codec.FromProtobuf(request, new OtlpLimits { SpanCountMax = 3, ResourceCountMax = 2, ScopeCountMax = 2 }).Report.SpanCount);
    }

    [Fact]
    public void Limits_find_their_own_problems()
    {
        Assert.Empty(OtlpLimits.Default.Problems());
        Assert.Equal(5, new OtlpLimits { NestingMax = 0, SpanCountMax = 0, ResourceCountMax = 0, ScopeCountMax = 0, RowBytesPerRequestByteMax = 65 }.Problems().Count());
    }

    static byte[] Nested(int levels)
    {
        // From the inside out, in place: building it as nested arrays would be quadratic.
        var reversed = new List<byte>();
        for (var level = 0; level < levels; level++)
        {
            Prepend(0x0A);
            Prepend(0x2A);
        }

        Prepend(0x12);
        byte[] keyValue = [.. reversed.AsEnumerable().Reverse()];
        return Wire.Request([Wire.Span([Wire.Bytes(9, [keyValue])])]);

        void Prepend(byte tag)
        {
            reversed.AddRange(Wire.Number((ulong)reversed.Count).Reverse());
            reversed.Add(tag);
        }
    }

    static OtlpError Refused(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        Assert.False(ExportRequestReader.TryRead(request, limits ?? OtlpLimits.Default, new SpanBatch(), out _, out var error));
        return error;
    }
}
