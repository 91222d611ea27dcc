using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>What the API has, as an OpenAPI document.</summary>
internal sealed class OpenApiEndpoint
{
    readonly Lazy<byte[]> _document = new(Read);

    public ApiEndpoint[] All => [new("openapi", "openapi.json", [], DocumentAsync)];

    async Task DocumentAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = _document.Value.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(_document.Value, context.RequestAborted);
    }

    static byte[] Read()
    {
        using var resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("Clew.Server.Api.openapi.json")
            ?? throw new InvalidOperationException("openapi.json is not embedded.");
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
