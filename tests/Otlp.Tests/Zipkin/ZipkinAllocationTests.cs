using System.Text;
using Clew.Model;
using Clew.Otlp.Zipkin;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>The bound that <see cref="OtlpLimits"/> states, against lists of Zipkin spans made to break it.</summary>
public sealed class ZipkinAllocationTests
{
    const int Count = 50_000;

    static readonly Dictionary<string, Func<byte[]>> Requests = new()
    {
        ["bare spans"] = () => Wire.Join(Many(_ => Span())),
        ["local endpoints, all different"] = () => Wire.Join(Many(at => Span(Wire.Bytes(8, [Wire.Bytes(1, [Distinct(at)])])))),
        ["ports, all different"] = () => Wire.Join(Many(at => Span(Wire.Bytes(8, [Wire.Varint(4, (ulong)at)])))),
        ["instrumentations, all different"] = () => Wire.Join(Many(at => Span(Wire.Bytes(11, [Wire.Text(1, "otel.scope.name"), Wire.Bytes(2, [Distinct(at)])])))),
        ["shared and debug"] = () => Wire.Join(Many(_ => Span(Wire.Varint(12, 1), Wire.Varint(13, 1)))),
        ["tags, all different"] = () => Span([.. Many(at => Wire.Bytes(11, [Wire.Bytes(1, [Distinct(at)])]))]),
        ["empty tags"] = () => Span([.. Many(_ => Wire.Bytes(11, []))]),
        ["empty annotations"] = () => Span([.. Many(_ => Wire.Bytes(10, []))]),
        ["annotations with attributes"] = () => Span([.. Many(_ => Wire.Bytes(10, [Wire.Text(2, "e: {\"\":[[],[]]}")]))]),
        ["one annotation with many elements"] = () => Span(Wire.Bytes(10, [Wire.Text(2, $"e: {{\"k\":[{string.Join(',', Enumerable.Repeat("0", Count))}]}}")])),
    };

    static readonly Dictionary<string, string> JsonRequests = new()
    {
        ["empty spans"] = $"[{Repeated("{}")}]",
        ["null spans"] = $"[{Repeated("null")}]",
        ["empty annotations"] = $$"""[{"annotations":[{{Repeated("{}")}}]}]""",
        ["empty tags"] = "[{\"tags\":{" + Repeated("\"\":\"\"") + "}}]",
        ["an escaped text"] = $$"""[{"traceId":"1","id":"1","name":"{{string.Concat(Enumerable.Repeat("\\n", Count))}}"}]""",
    };

    public static TheoryData<string> Shapes => [.. Requests.Keys];

    public static TheoryData<string> JsonShapes => [.. JsonRequests.Keys];

    [Theory, MemberData(nameof(Shapes))]
    public void Decoding_protobuf_allocates_no_more_than_the_stated_bound(string shape)
    {
        var request = Requests[shape]();
        Within(request, room => ZipkinProtobufReader.TryRead(request, OtlpLimits.Default, ZipkinCodec.Arrived, room, new SpanBatch(), out _, out _));
    }

    [Theory, MemberData(nameof(JsonShapes))]
    public void Decoding_JSON_allocates_no_more_than_the_stated_bound(string shape)
    {
        var request = Encoding.UTF8.GetBytes(JsonRequests[shape]);
        Within(request, room => ZipkinJsonReader.TryRead(request, OtlpLimits.Default, ZipkinCodec.Arrived, room, new SpanBatch(), out _, out _));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Where_there_is_no_room_nothing_is_kept(string shape)
    {
        var request = Requests[shape]();
        Assert.False(ZipkinProtobufReader.TryRead(request, OtlpLimits.Default, ZipkinCodec.Arrived, new Room(0), new SpanBatch(), out _, out var error));
        Assert.True(error.IsNoRoom, error.Message);
    }

    // What was outgrown is garbage by the time more is needed: at most as much again as is held. The scratch of an escaped text is the request's length.
    static void Within(byte[] request, Action<IMemoryRoom?> read)
    {
        Assert.InRange(Allocated(() => read(null)), 0, OtlpLimits.AllocatedBytesBase + ((long)OtlpLimits.Default.AllocatedBytesPerRequestByteMax * request.Length));
        var room = new Room(long.MaxValue);
        var allocated = Allocated(() => read(room));
        Assert.InRange(allocated, 0, OtlpLimits.AllocatedBytesBase + request.Length + 2 * room.HeldMax);
    }

    static long Allocated(Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static byte[] Span(params IEnumerable<byte[]> fields) => Wire.Bytes(1, [Wire.Bytes(1, [Wire.SpanIdBytes]), Wire.Bytes(3, [Wire.SpanIdBytes]), .. fields]);

    static IEnumerable<byte[]> Many(Func<int, byte[]> field) => Enumerable.Range(0, Count).Select(field);

    static string Repeated(string element) => string.Join(',', Enumerable.Repeat(element, Count));

    static byte[] Distinct(int number) => [(byte)('0' + (number & 63)), (byte)('0' + ((number >> 6) & 63)), (byte)('0' + (number >> 12))];

    sealed class Room(long bytesMax) : IMemoryRoom
    {
        long _held;

        public long HeldMax { get; private set; }

        public bool TryTake(long bytes)
        {
            if (bytes > bytesMax - _held)
                return false;
            HeldMax = Math.Max(HeldMax, _held += bytes);
            return true;
        }

        public void Give(long bytes) => _held -= bytes;
    }
}
