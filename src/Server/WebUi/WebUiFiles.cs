using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.WebUi;

/// <summary>The web UI, which is built into this assembly as resources named <c>web/…</c>. Every path that is no file is a page of it: the UI routes by itself.</summary>
internal sealed class WebUiFiles
{
    // Scripts and pictures come from here alone; styles may be set on elements, which is how rows of a waterfall get their places.
    const string ContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    const string WithoutUi =
        "This build of Clew has no web UI (it was built with -p:BuildUi=false).\n"
        + "The Jaeger API is at /api/…, Clew's own at /api/clew/v1/…, health at /health/live, metrics at /metrics.\n";

    const string Prefix = "web/";

    readonly Assembly _assembly;
    readonly HashSet<string> _names;
    readonly Lazy<(byte[] Content, string Tag)?> _index;

    public WebUiFiles(Assembly assembly)
    {
        _assembly = assembly;
        _names = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];
        _index = new Lazy<(byte[], string)?>(ReadIndex);
    }

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteTextAsync(context, StatusCodes.Status405MethodNotAllowed, "Pages are for reading: use GET.\n");
        }

        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var path = context.Request.Path.Value ?? "/";
        var name = Prefix + path.TrimStart('/');
        if (path != "/index.html" && _names.Contains(name))
            return WriteFileAsync(context, name, path);
        return path.StartsWith("/assets/", StringComparison.Ordinal)
            ? WriteTextAsync(context, StatusCodes.Status404NotFound, "There is no such file; reload the page.\n")
            : WriteIndexAsync(context);
    }

    async Task WriteFileAsync(HttpContext context, string name, string path)
    {
        // Names under assets carry a hash of their content.
        context.Response.Headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.ContentType = ContentTypeOf(path);
        await using var file = _assembly.GetManifestResourceStream(name)!;
        context.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    async Task WriteIndexAsync(HttpContext context)
    {
        if (_index.Value is not { } index)
        {
            await WriteTextAsync(context, StatusCodes.Status200OK, WithoutUi);
            return;
        }

        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = index.Tag;
        if (context.Request.Headers.IfNoneMatch.ToString() == index.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = index.Content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(index.Content, context.RequestAborted);
    }

    (byte[] Content, string Tag)? ReadIndex()
    {
        using var file = _assembly.GetManifestResourceStream(Prefix + "index.html");
        if (file is null)
            return null;
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return (content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
    }

    static Task WriteTextAsync(HttpContext context, int statusCode, string text)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }

    static string ContentTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".json" or ".map" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
