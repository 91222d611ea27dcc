using Clew.Model;
using Clew.Otlp.Zipkin;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>The Zipkin readers in the shape that tests want.</summary>
static class ZipkinCodec
{
    /// <summary>When requests arrive in tests.</summary>
    public static UnixNanos Arrived { get; } = new(1_800_000_000_000_000_000);

    public static (SpanBatch Batch, ReadReport Report) FromProtobuf(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        var batch = new SpanBatch();
        Assert.True(ZipkinProtobufReader.TryRead(request, limits ?? OtlpLimits.Default, Arrived, null, batch, out var report, out var error), error?.Message);
        return (batch, report);
    }

    public static (SpanBatch Batch, ReadReport Report) FromJson(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        var batch = new SpanBatch();
        Assert.True(ZipkinJsonReader.TryRead(request, limits ?? OtlpLimits.Default, Arrived, null, batch, out var report, out var error), error?.Message);
        return (batch, report);
    }

    public static OtlpError RefusalOfJson(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        Assert.False(ZipkinJsonReader.TryRead(request, limits ?? OtlpLimits.Default, Arrived, null, new SpanBatch(), out _, out var error));
        return error;
    }

    public static OtlpError RefusalOfProtobuf(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        Assert.False(ZipkinProtobufReader.TryRead(request, limits ?? OtlpLimits.Default, Arrived, null, new SpanBatch(), out _, out var error));
        return error;
    }
}
