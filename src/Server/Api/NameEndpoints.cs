using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>The names of services and of their operations.</summary>
internal sealed class NameEndpoints(ITraceStore store)
{
    public ApiEndpoint[] All =>
    [
        new("services", "services", [], ServicesAsync),
        new("operations", "operations", ["service"], OperationsAsync),
    ];

    async Task ServicesAsync(HttpContext context)
    {
        var services = await store.FindServicesAsync(context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("services");
        foreach (var service in services)
            answer.Writer.WriteStringValue(service);
        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task OperationsAsync(HttpContext context)
    {
        var service = context.Request.Query["service"].ToString();
        if (service.Length == 0)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError("Say which service's operations to list: service=NAME.", "service"));
            return;
        }

        var operations = await store.FindOperationsAsync(service, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("operations");
        foreach (var operation in operations)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("name", operation.Name);
            answer.Writer.WriteString("spanKind", TagCondition.NameOf(operation.Kind));
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }
}
