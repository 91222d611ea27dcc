using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Queries;

/// <summary>The path of a request as it was sent, where <c>%2F</c> within a segment is still distinct from a slash between two.</summary>
internal static class RawTarget
{
    /// <summary>The decoded segments of the path: <c>/api/services/a%2Fb/operations</c> has four, the third being <c>a/b</c>.</summary>
    public static string[] Segments(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is var end and >= 0 ? end : target.Length);
        if (!path.StartsWith("/"))
            path = context.Request.Path.Value;
        return [.. path.Trim('/').ToString().Split('/').Select(Uri.UnescapeDataString)];
    }

    /// <summary>The name that some segments are. Of its slashes some clients encode none, and some encode it twice.</summary>
    public static string NameOf(string[] segments) => Uri.UnescapeDataString(string.Join('/', segments));
}
