using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>A JSON body that is sent as it is written, so that an answer of any length needs a bounded amount of memory.</summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    const int PendingBytesMax = 32 * 1024;

    readonly HttpContext _context;
    long _sentBytes;

    public JsonAnswer(HttpContext context, int statusCode = StatusCodes.Status200OK, bool isIndented = false)
    {
        _context = context;
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "application/json";
        Writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions
        {
            // The content type is JSON and browsers are told not to guess, so nothing needs to be safe inside HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = isIndented,
            IndentSize = 4,
            MaxDepth = OtlpLimits.JsonDepthMax,
            SkipValidation = true,
        });
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>Sends what has gathered, if it is much. Called between the elements of a long answer.</summary>
    public async ValueTask SendIfMuchAsync()
    {
        if (Writer.BytesCommitted + Writer.BytesPending - _sentBytes < PendingBytesMax)
            return;
        await Writer.FlushAsync(_context.RequestAborted);
        await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
        _sentBytes = Writer.BytesCommitted;
    }

    public async ValueTask DisposeAsync() => await Writer.DisposeAsync();
}
