using System.Text;
using Clew.Model;

namespace Clew.Otlp.Tests;

/// <summary>The bound that <see cref="OtlpLimits"/> states, against requests made to break it.</summary>
public sealed class AllocationTests
{
    const int Count = 100_000;

    static readonly byte[] Broken = [0xFF, 0xFE, 0xFD];

    public static TheoryData<string> Shapes => [.. Requests.Keys];

    static readonly Dictionary<string, Func<byte[]>> Requests = new()
    {
        ["empty resources"] = () => Wire.Join(Many(_ => Wire.Bytes(1, []))),
        ["empty scopes"] = () => Wire.Bytes(1, Many(_ => Wire.Bytes(2, []))),
        ["empty spans"] = () => Wire.Request(Many(_ => Wire.Bytes(2, []))),
        ["bare spans"] = () => Wire.Request(Many(_ => Wire.Span())),
        ["empty attributes"] = () => Wire.Request([Wire.Span(Many(_ => Wire.Bytes(9, [])))]),
        ["empty events"] = () => Wire.Request([Wire.Span(Many(_ => Wire.Bytes(11, [])))]),
        ["empty links"] = () => Wire.Request([Wire.Span(Many(_ => Wire.Bytes(13, [])))]),
        ["empty elements"] = () => Wire.Request([Wire.Span([Wire.Attribute(9, "k", [Wire.Bytes(5, Many(_ => Wire.Bytes(1, [])))])])]),
        ["empty arrays in an array"] = () => Wire.Request([Wire.Span([Wire.Attribute(9, "k", [Wire.Bytes(5, Many(_ => Wire.Bytes(1, [Wire.Bytes(5, [])])))])])]),
        ["empty entities"] = () => Wire.Bytes(1, [Wire.Bytes(1, Many(_ => Wire.Bytes(3, [])))]),
        ["empty keys of an entity"] = () => Wire.Bytes(1, [Wire.Bytes(1, [Wire.Bytes(3, Many(_ => Wire.Bytes(3, [])))])]),
        ["keys of an entity, all different"] = () => Wire.Bytes(1, [Wire.Bytes(1, [Wire.Bytes(3, Many(at => Wire.Bytes(3, [Distinct(at)])))])]),
        ["attributes, all different"] = () => Wire.Request([Wire.Span(Many(at => Wire.Bytes(9, [Wire.Bytes(1, [Distinct(at)])])))]),
        ["events, all different"] = () => Wire.Request([Wire.Span(Many(at => Wire.Bytes(11, [Wire.Bytes(2, [Distinct(at)])])))]),
        ["scopes, all different"] = () => Wire.Bytes(1, Many(at => Wire.Bytes(2, [Wire.Bytes(1, [Wire.Bytes(1, [Distinct(at)])])]))),
        ["broken text, all different"] = () => Wire.Request([Wire.Span(Many(at => Wire.Bytes(9, [Wire.Bytes(1, [Distinct(at), Broken])])))]),
        ["one long broken text"] = () => Wire.Request([Wire.Span([Wire.Bytes(5, Enumerable.Repeat(Broken, Count))])]),
        ["repeated values of one attribute"] = () => Wire.Request([Wire.Span([Wire.Bytes(9, Many(_ => Wire.Bytes(2, [Wire.Bytes(5, [Wire.Bytes(1, [])])])))])]),
    };

    static readonly Dictionary<string, string> JsonShapes = new()
    {
        ["empty resources"] = Filled("""{"resourceSpans":[@]}""", Many("{}")),
        ["null resources"] = Filled("""{"resourceSpans":[@]}""", Many("null")),
        ["empty scopes"] = Filled("""{"resourceSpans":[{"scopeSpans":[@]}]}""", Many("{}")),
        ["empty spans"] = Filled("""{"resourceSpans":[{"scopeSpans":[{"spans":[@]}]}]}""", Many("{}")),
        ["empty links"] = Filled("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"links":[@]}]}]}]}""", Many("{}")),
        ["empty attributes"] = Filled("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[@]}]}]}]}""", Many("{}")),
        ["empty elements"] = Filled("""{"resourceSpans":[{"resource":{"attributes":[{"value":{"arrayValue":{"values":[@]}}}]}}]}""", Many("{}")),
        ["empty entities"] = Filled("""{"resourceSpans":[{"resource":{"entityRefs":[@]}}]}""", Many("{}")),
        ["empty keys"] = Filled("""{"resourceSpans":[{"resource":{"entityRefs":[{"idKeys":[@]}]}}]}""", Many("\"\"")),
        ["one long escaped text"] = Filled("""{"resourceSpans":[{"schemaUrl":"@"}]}""", string.Concat(Enumerable.Repeat("\\ud800", Count))),
        ["one long base64 text"] = Filled("""{"resourceSpans":[{"resource":{"attributes":[{"value":{"bytesValue":"@"}}]}}]}""", new string('A', Count * 4)),
        ["one long name of a kind"] = Filled("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"@"}]}]}]}""", new string('A', Count * 4)),
    };

    public static TheoryData<string> JsonRequests => [.. JsonShapes.Keys];

    [Theory, MemberData(nameof(Shapes))]
    public void Decoding_protobuf_allocates_no_more_than_the_stated_bound(string shape)
    {
        var request = Requests[shape]();
        Within(request, () => ExportRequestReader.TryRead(request, OtlpLimits.Default, new SpanBatch(), out _, out _));
    }

    [Theory, MemberData(nameof(JsonRequests))]
    public void Decoding_JSON_allocates_no_more_than_the_stated_bound(string shape)
    {
        var request = Encoding.UTF8.GetBytes(JsonShapes[shape]);
        Within(request, () => ExportRequestJsonReader.TryRead(request, OtlpLimits.Default, new SpanBatch(), out _, out _));
    }

    [Fact]
    public void Near_empty_messages_beyond_the_memory_they_may_take_are_refused_by_name()
    {
        Assert.False(ExportRequestReader.TryRead(Requests["empty links"](), OtlpLimits.Default, new SpanBatch(), out _, out var error));
        Assert.Contains("links[", error.Path, StringComparison.Ordinal);
        Assert.EndsWith("its rows need more than 8 bytes of memory per byte of the request, the limit RowBytesPerRequestByteMax.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_used_before_takes_the_same_request_again_without_allocating()
    {
        var request = Wire.Request([.. Enumerable.Range(0, 500).Select(at => Wire.Span([Wire.Text(5, $"name {at % 7}"), Wire.Attribute(9, "key", [Wire.Text(1, $"value {at % 50}")])]))]);
        var batch = new SpanBatch();
        Assert.True(ExportRequestReader.TryRead(request, OtlpLimits.Default, batch, out _, out _));
        batch.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ExportRequestReader.TryRead(request, OtlpLimits.Default, batch, out _, out _));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Room_is_taken_for_all_memory_of_a_batch_before_it_is_used(string shape)
    {
        var request = Requests[shape]();
        PaidFor(request, room => ExportRequestReader.TryRead(request, OtlpLimits.Default, room, new SpanBatch(), out _, out var error) ? null : error);
    }

    [Theory, MemberData(nameof(JsonRequests))]
    public void Room_is_taken_for_a_batch_from_JSON_too(string shape)
    {
        var request = Encoding.UTF8.GetBytes(JsonShapes[shape]);
        PaidFor(request, room => ExportRequestJsonReader.TryRead(request, OtlpLimits.Default, room, new SpanBatch(), out _, out var error) ? null : error);
    }

    [Fact]
    public void Many_texts_of_one_field_are_not_kept_once_there_is_no_room()
    {
        var request = Wire.Request([Wire.Span(Many(at => Wire.Bytes(5, [Distinct(at)])))]);
        var batch = new SpanBatch();
        Assert.False(ExportRequestReader.TryRead(request, OtlpLimits.Default, new Room(10_000), batch, out _, out var error));
        Assert.True(error.IsNoRoom);
        Assert.InRange(batch.Strings.Count, 2, 10_000 / 32);
    }

    static void PaidFor(byte[] request, Func<Room, OtlpError?> read)
    {
        // What was outgrown is garbage by the time more is needed: at most as much again as is held. The scratch of an escaped text is the request's length.
        long Bound(long held) => OtlpLimits.AllocatedBytesBase + request.Length + 2 * held;
        foreach (var bytesMax in (long[])[long.MaxValue, request.Length, 0])
        {
            var room = new Room(bytesMax);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = read(room);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= Bound(room.HeldMax), $"{allocated} bytes for a request of {request.Length}, for which {room.HeldMax} were paid at most.");
            Assert.True(error is null || !error.IsNoRoom || bytesMax < long.MaxValue, error?.Message);
        }
    }

    sealed class Room(long bytesMax) : IMemoryRoom
    {
        long _held;

        public long HeldMax { get; set; }

        public bool TryTake(long bytes)
        {
            if (bytes > bytesMax - _held)
                return false;
            HeldMax = Math.Max(HeldMax, _held += bytes);
            return true;
        }

        public void Give(long bytes) => _held -= bytes;
    }

    static void Within(byte[] request, Func<bool> read)
    {
        var bound = OtlpLimits.AllocatedBytesBase + ((long)OtlpLimits.Default.AllocatedBytesPerRequestByteMax * request.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= bound, $"{allocated} bytes for a request of {request.Length}, {(double)allocated / request.Length:F1} per byte; the bound is {bound}.");
    }

    static IEnumerable<byte[]> Many(Func<int, byte[]> field) => Enumerable.Range(0, Count).Select(field);

    static string Many(string element) => string.Join(',', Enumerable.Repeat(element, Count));

    static string Filled(string document, string content) => document.Replace("@", content, StringComparison.Ordinal);

    static byte[] Distinct(int number) => [(byte)('0' + (number & 63)), (byte)('0' + ((number >> 6) & 63)), (byte)('0' + (number >> 12))];
}
