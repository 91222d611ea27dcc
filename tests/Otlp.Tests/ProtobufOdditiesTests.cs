using Clew.Model;

namespace Clew.Otlp.Tests;

public sealed class ProtobufOdditiesTests
{
    [Fact]
    public void An_empty_request_is_an_empty_batch()
    {
        var (batch, report) = Codec.FromProtobuf([]);
        Assert.Equal(default(ReadReport) with { FirstRejection = "" }, report);
        Assert.Equal((0, 0, 0), (batch.SpanCount, batch.Scopes.Count, batch.Resources.Count));
    }

    [Fact]
    public void A_scope_and_a_resource_after_their_spans_are_theirs()
    {
        var resource = Wire.Bytes(1, [Wire.Attribute(1, "service.name", [Wire.Text(1, "late")])]);
        var scope = Wire.Bytes(1, [Wire.Text(1, "lib")]);
        var (batch, _) = Codec.FromProtobuf(Wire.Bytes(1, [Wire.Bytes(2, [Wire.Span(), scope]), Wire.Bytes(2, [Wire.Span()]), resource]));
        Assert.Equal("lib", batch.Strings.GetString(batch.Scopes.Names[batch.Spans.Scopes[0]]));
        Assert.Equal(0, batch.Scopes.Names[batch.Spans.Scopes[1]]);
        var attributes = batch.Resources.Attributes;
        Assert.Equal([0, 0], [batch.ResourceOf(0), batch.ResourceOf(1)]);
        Assert.Equal("late", batch.Strings.GetString(attributes.Values[attributes[0].Start].Code));
    }

    [Fact]
    public void A_status_in_two_parts_is_merged()
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Bytes(15, [Wire.Varint(3, 2)]), Wire.Bytes(15, [Wire.Text(2, "broken")])])]));
        Assert.Equal(StatusCode.Error, batch.Spans.Statuses[0]);
        Assert.Equal("broken", batch.Strings.GetString(batch.Spans.StatusMessages[0]));
    }

    [Fact]
    public void The_last_case_of_a_value_wins()
    {
        Assert.Equal(AnyValue.OfInt(7), ValueOf([Wire.Text(1, "seven"), Wire.Varint(3, 7)]).Value);
        var (batch, value) = ValueOf([Wire.Varint(3, 7), Wire.Text(1, "seven")]);
        Assert.Equal("seven", batch.Strings.GetString(value.Code));
    }

    [Fact]
    public void Arrays_that_follow_each_other_are_one_and_those_before_another_case_are_gone()
    {
        byte[] Array(params ulong[] numbers) => Wire.Bytes(5, [.. numbers.Select(number => Wire.Bytes(1, [Wire.Varint(3, number)]))]);
        Assert.Equal([1, 2, 3], NumbersOf(ValueOf([Array(1, 2), Array(), Array(3)])));
        Assert.Equal([3], NumbersOf(ValueOf([Array(1, 2), Wire.Varint(2, 1), Array(3)])));

        // The same over two occurrences of KeyValue.value, which are merged before their cases count.
        var attribute = Wire.Bytes(9, [Wire.Bytes(2, [Array(1)]), Wire.Text(1, "k"), Wire.Bytes(2, [Array(2)])]);
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([attribute])]));
        Assert.Equal([1, 2], NumbersOf((batch, batch.Spans.Attributes.Values[0])));
    }

    [Fact]
    public void A_value_without_a_case_is_empty_and_not_an_empty_text()
    {
        Assert.Equal(ValueKind.Empty, ValueOf([]).Value.Kind);
        Assert.Equal(AnyValue.OfString(0), ValueOf([Wire.Text(1, "")]).Value);
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Bytes(9, [Wire.Text(1, "k")])])]));
        Assert.Equal(ValueKind.Empty, batch.Spans.Attributes.Values[0].Kind);
    }

    [Fact]
    public void Negative_numbers_take_ten_bytes() => Assert.Equal(AnyValue.OfInt(-1), ValueOf([Wire.Varint(3, ulong.MaxValue)]).Value);

    [Fact]
    public void Padded_varints_are_read()
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([[0x30, 0x83, 0x80, 0x80, 0x00]])]));
        Assert.Equal(SpanKind.Client, batch.Spans.Kinds[0]);
    }

    [Theory]
    [InlineData(6UL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0x1_0000_0006UL)]
    public void Enums_this_version_does_not_know_are_unspecified(ulong number)
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Varint(6, number), Wire.Bytes(15, [Wire.Varint(3, number)])])]));
        Assert.Equal((SpanKind.Unspecified, StatusCode.Unset), (batch.Spans.Kinds[0], batch.Spans.Statuses[0]));
    }

    [Fact]
    public void A_known_field_with_another_wire_type_is_unknown()
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Text(5, "name"), Wire.Varint(5, 9), Wire.Fixed64(6, 2)])]));
        Assert.Equal("name", batch.Strings.GetString(batch.Spans.Names[0]));
        Assert.Equal(SpanKind.Unspecified, batch.Spans.Kinds[0]);
    }

    [Fact]
    public void The_old_library_spans_are_passed_over() =>
        Assert.Equal(1, Codec.FromProtobuf(Wire.Bytes(1, [Wire.Bytes(1000, [Wire.Bytes(2, [Wire.Span()])]), Wire.Bytes(2, [Wire.Span()])])).Report.SpanCount);

    [Fact]
    public void Equal_keys_are_kept_as_they_came()
    {
        var (batch, _) = Codec.FromProtobuf(
            Wire.Request([Wire.Span([Wire.Attribute(9, "k", [Wire.Varint(3, 1)]), Wire.Attribute(9, "k", [Wire.Varint(3, 2)])])]));
        Assert.Equal(2, batch.Spans.Attributes[0].Count);
        Assert.Equal(batch.Spans.Attributes.Keys[0], batch.Spans.Attributes.Keys[1]);
    }

    [Fact]
    public void A_parent_of_zeros_is_a_root_and_all_flags_are_kept()
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Bytes(4, [new byte[8]]), Wire.Fixed32(16, 0xFFFF_FF01)])]));
        Assert.True(batch.Spans.ParentSpanIds[0].IsAbsent);
        Assert.Equal(0xFFFF_FF01, batch.Spans.Flags[0]);
    }

    [Fact]
    public void A_link_whose_identities_cannot_be_is_kept_without_them()
    {
        var (batch, report) = Codec.FromProtobuf(
            Wire.Request([Wire.Span([Wire.Bytes(13, [Wire.Bytes(1, [[1, 2]]), Wire.Bytes(2, [new byte[9]]), Wire.Text(3, "a=b")])])]));
        Assert.Equal(1, report.SpanCount);
        Assert.True(batch.Links.TraceIds[0].IsAbsent && batch.Links.SpanIds[0].IsAbsent);
        Assert.Equal("a=b", batch.Strings.GetString(batch.Links.TraceStates[0]));
    }

    [Fact]
    public void Nested_containers_lie_behind_their_parents_and_contiguously()
    {
        byte[] inner = Wire.Bytes(5, [Wire.Bytes(1, [Wire.Varint(3, 1)]), Wire.Bytes(1, [Wire.Varint(3, 2)])]);
        var (batch, value) = ValueOf([Wire.Bytes(5, [Wire.Bytes(1, [inner]), Wire.Bytes(1, [Wire.Varint(3, 9)]), Wire.Bytes(1, [inner])])]);
        Assert.Equal((0, 3), (value.NestedStart, value.NestedCount));
        Assert.Equal((3, 2), (batch.Nested.Values[0].NestedStart, batch.Nested.Values[0].NestedCount));
        Assert.Equal((5, 2), (batch.Nested.Values[2].NestedStart, batch.Nested.Values[2].NestedCount));
    }

    static (SpanBatch Batch, AnyValue Value) ValueOf(params IEnumerable<byte[]> fields)
    {
        var (batch, _) = Codec.FromProtobuf(Wire.Request([Wire.Span([Wire.Attribute(9, "k", fields)])]));
        return (batch, batch.Spans.Attributes.Values[0]);
    }

    static IEnumerable<long> NumbersOf((SpanBatch Batch, AnyValue Value) array) =>
        Enumerable.Range(array.Value.NestedStart, array.Value.NestedCount).Select(row => array.Batch.Nested.Values[row].Bits);
}
