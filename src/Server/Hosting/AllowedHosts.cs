using System.Net;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Hosting;

/// <summary>Which names a browser may know this server by.</summary>
/// <remarks>
/// A web page can point a name of its own at any address its reader can reach, and then read, as its own origin, what listens there (DNS rebinding). Such a request
/// carries that name as its Host. IP addresses cannot be rebound, so they always pass; a server that is known by a name is told so in the settings.
/// </remarks>
internal sealed class AllowedHosts(IReadOnlyList<string> names)
{
    /// <summary>What whoever asked under another name is told.</summary>
    public static string Refusal(HostString host) =>
        $"'{host.Host}' is not a name of this server. If it should be, add it to listen.allowed_hosts (* allows any); its IP address and localhost work without.";

    public bool Allows(HostString host)
    {
        if (names.Contains("*"))
            return true;
        var name = host.Host.TrimEnd('.');
        return name.Length == 0
            || string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name.Trim('[', ']'), out _)
            || names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Answers a request that came under a name that is not allowed.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Refusal(context.Request.Host) + "\n", context.RequestAborted);
    }
}
