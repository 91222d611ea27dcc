using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger;

/// <summary>Why a trace is not among those of an answer.</summary>
internal readonly record struct JaegerTraceError(int Code, string Message, TraceId Id)
{
    public static JaegerTraceError Missing(TraceId id) => new(StatusCodes.Status404NotFound, "trace not found", id);

    public static JaegerTraceError Of(TraceTooLargeException tooLarge) => new(StatusCodes.Status422UnprocessableEntity, tooLarge.Message, tooLarge.Id);
}
