using Clew.Collector;
using Clew.Otlp;
using Clew.Server.Grpc;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>From the body of an HTTP request to the pipeline: the same way for every protocol that comes over HTTP/1.1.</summary>
internal static class HttpIngest
{
    /// <param name="protocol">What the request is counted under.</param>
    public static async ValueTask<IngestOutcome> RunAsync(Pipeline pipeline, HttpContext context, string protocol, WireModel model, WireEncoding encoding)
    {
        using var room = pipeline.Budget.TryEnter();
        if (room is null)
            return pipeline.Count(pipeline.NoTurn());
        var contentEncoding = context.Request.Headers.ContentEncoding.ToString();
        if (!Decompression.TryParseCoding(contentEncoding, out var coding) || !Decompression.IsAvailable(coding))
        {
            return pipeline.Count(IngestOutcome.Refused(
                IngestStatus.UnsupportedCoding, $"Content-Encoding '{contentEncoding}' is not supported; use {GrpcAnswer.AcceptedEncodings}."));
        }

        using var body = new PooledBuffer();
        var ending = await BodyReader.ReadAsync(
            context.Request.BodyReader, context.Request.ContentLength, pipeline.Limits.RequestBytesMax, room, pipeline.Budget, body, context.RequestAborted);
        return ending switch
        {
            BodyReader.Ending.TooLarge => pipeline.Count(pipeline.TooLarge("body")),
            BodyReader.Ending.NoRoom => pipeline.Count(pipeline.NoRoom()),
            _ => await pipeline.IngestAsync(new IngestRequest(protocol, encoding, coding, body.WrittenMemory, room, null) { Model = model }, context.RequestAborted),
        };
    }
}
