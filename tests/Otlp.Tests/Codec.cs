using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.Model;

namespace Clew.Otlp.Tests;

/// <summary>The public readers and writers in the shape that tests want.</summary>
static class Codec
{
    public static byte[] Protobuf(SpanBatch batch)
    {
        var target = new ArrayBufferWriter<byte>();
        ExportRequestWriter.Write(batch, target);
        return target.WrittenSpan.ToArray();
    }

    public static byte[] Json(SpanBatch batch)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            ExportRequestJsonWriter.Write(batch, writer);
        return target.WrittenSpan.ToArray();
    }

    public static (SpanBatch Batch, ReadReport Report) FromProtobuf(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        var batch = new SpanBatch();
        Assert.True(ExportRequestReader.TryRead(request, limits ?? OtlpLimits.Default, batch, out var report, out var error), error?.Message);
        return (batch, report);
    }

    public static (SpanBatch Batch, ReadReport Report) FromJson(ReadOnlySpan<byte> request, OtlpLimits? limits = null)
    {
        var batch = new SpanBatch();
        Assert.True(ExportRequestJsonReader.TryRead(request, limits ?? OtlpLimits.Default, batch, out var report, out var error), error?.Message);
        return (batch, report);
    }
}
