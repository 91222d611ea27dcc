using System.Buffers;
using System.Text;
using Google.Rpc;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Clew.Otlp.Tests;

public sealed class ResponseTests
{
    [Fact]
    public void Full_success_is_zero_bytes_or_an_empty_object()
    {
        Assert.Empty(Bytes(target => ExportResponse.WriteProtobuf(0, "", target)));
        Assert.Equal("{}", Text(target => ExportResponse.WriteJson(0, "", target)));
    }

    [Theory]
    [InlineData(3, "bad id")]
    [InlineData(0, "a warning")]
    [InlineData(long.MaxValue, "")]
    public void Partial_success_reads_back_with_Google_Protobuf(long rejected, string message)
    {
        var expected = new ExportTraceServiceResponse { PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = rejected, ErrorMessage = message } };
        Assert.Equal(expected, ExportTraceServiceResponse.Parser.ParseFrom(Bytes(target => ExportResponse.WriteProtobuf(rejected, message, target))));
        Assert.Equal(expected, ExportTraceServiceResponse.Parser.ParseJson(Text(target => ExportResponse.WriteJson(rejected, message, target))));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "bad id: später")]
    [InlineData(0, "a warning")]
    [InlineData(long.MaxValue, "")]
    public void Partial_success_is_read_as_it_was_written(long rejected, string message)
    {
        Assert.True(ExportResponse.TryReadProtobuf(Bytes(target => ExportResponse.WriteProtobuf(rejected, message, target)), out var rejectedRead, out var messageRead));
        Assert.Equal((rejected, message), (rejectedRead, messageRead));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1_500)]
    [InlineData(3_600_000)]
    public void A_status_is_read_as_it_was_written(int? milliseconds)
    {
        TimeSpan? delay = milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;
        Assert.True(RpcStatus.TryReadProtobuf(Bytes(target => RpcStatus.WriteProtobuf(GrpcStatus.Unavailable, "später", delay, target)), out var message, out var retryAfter));
        Assert.Equal(("später", delay), (message, retryAfter));
    }

    [Fact]
    public void A_status_with_other_details_has_no_delay()
    {
        var status = new Status { Message = "no", Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new ExportTracePartialSuccess { RejectedSpans = 1 }) } };
        Assert.True(RpcStatus.TryReadProtobuf(Google.Protobuf.MessageExtensions.ToByteArray(status), out var message, out var retryAfter));
        Assert.Equal(("no", null), (message, retryAfter));
    }

    [Fact]
    public void An_answer_cut_anywhere_is_read_or_refused_and_never_throws()
    {
        var answer = Bytes(target => ExportResponse.WriteProtobuf(300, "bad id", target));
        var status = Bytes(target => RpcStatus.WriteProtobuf(GrpcStatus.Unavailable, "busy", TimeSpan.FromSeconds(2), target));
        for (var cut = 1; cut < answer.Length; cut++)
            Assert.False(ExportResponse.TryReadProtobuf(answer.AsSpan(0, cut), out _, out _));
        for (var cut = 0; cut < status.Length; cut++)
            RpcStatus.TryReadProtobuf(status.AsSpan(0, cut), out _, out _);
    }

    [Fact]
    public void Counts_of_64_bits_are_text_in_JSON() =>
        Assert.Equal("""{"partialSuccess":{"rejectedSpans":"3","errorMessage":"bad id"}}""", Text(target => ExportResponse.WriteJson(3, "bad id", target)));

    [Theory]
    [InlineData(0)]
    [InlineData(1_500)]
    [InlineData(3_600_000)]
    public void A_status_carries_its_retry_delay(int milliseconds)
    {
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        var status = Status.Parser.ParseFrom(Bytes(target => RpcStatus.WriteProtobuf(GrpcStatus.Unavailable, "später", delay, target)));
        Assert.Equal(14, status.Code);
        Assert.Equal("später", status.Message);
        Assert.Equal(delay, Assert.Single(status.Details).Unpack<RetryInfo>().RetryDelay.ToTimeSpan());
    }

    [Fact]
    public void A_status_without_delay_has_no_details()
    {
        var status = Status.Parser.ParseFrom(Bytes(target => RpcStatus.WriteProtobuf(GrpcStatus.InvalidArgument, "no", null, target)));
        Assert.Equal(new Status { Code = 3, Message = "no" }, status);
        Assert.Equal("""{"code":3,"message":"no"}""", Text(target => RpcStatus.WriteJson(GrpcStatus.InvalidArgument, "no", null, target)));
    }

    [Fact]
    public void A_status_in_JSON_writes_its_delay_as_a_duration() => Assert.Equal(
        """{"code":14,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"}]}""",
        Text(target => RpcStatus.WriteJson(GrpcStatus.Unavailable, "x", TimeSpan.FromSeconds(1.5), target)));

    static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var target = new ArrayBufferWriter<byte>();
        write(target);
        return target.WrittenSpan.ToArray();
    }

    static string Text(Action<IBufferWriter<byte>> write) => Encoding.UTF8.GetString(Bytes(write));
}
