using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Cli.Commands.Store;

/// <summary>Writes batches as OTLP requests, one behind the other, in a way that a reader can tell them apart.</summary>
internal sealed class ExportStream(Stream output, ExportFormat format)
{
    static readonly JsonWriterOptions JsonForm = new()
    {
        // Lines of a file: nothing needs to be safe inside HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = OtlpLimits.JsonDepthMax,
        SkipValidation = true,
    };

    readonly ArrayBufferWriter<byte> _request = new(1 << 20);

    public void Write(SpanBatch batch)
    {
        _request.ResetWrittenCount();
        if (format == ExportFormat.Json)
        {
            using (var json = new Utf8JsonWriter(_request, JsonForm))
                ExportRequestJsonWriter.Write(batch, json);
            _request.Write("\n"u8);
        }
        else
        {
            ExportRequestWriter.Write(batch, _request);
            WriteVarint((uint)_request.WrittenCount);
        }

        output.Write(_request.WrittenSpan);
    }

    void WriteVarint(uint number)
    {
        for (; number >= 0x80; number >>= 7)
            output.WriteByte((byte)(number | 0x80));
        output.WriteByte((byte)number);
    }
}
