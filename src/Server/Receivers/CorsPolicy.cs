using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>Lets pages of allowed origins send spans from a browser. Source: the Fetch standard, section CORS protocol.</summary>
internal sealed class CorsPolicy
{
    readonly bool _allowsAny;
    readonly Regex[] _patterns;

    public CorsPolicy(IReadOnlyList<string> allowedOrigins)
    {
        _allowsAny = allowedOrigins.Contains("*");
        _patterns =
        [
            .. allowedOrigins.Select(origin => new Regex(
                "^" + Regex.Escape(origin).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)),
        ];
    }

    public enum Verdict
    {
        /// <summary>The request goes on.</summary>
        Continue,

        /// <summary>It was a preflight, and has its answer.</summary>
        Answered,
    }

    /// <summary>Adds what a browser asks for. Requests without an Origin, which is all but browsers', are left alone.</summary>
    public Verdict Apply(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var isPreflight = HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey("Access-Control-Request-Method");
        if (origin.Length == 0)
            return Verdict.Continue;
        context.Response.Headers.Vary = "Origin";
        if (Allows(origin))
            context.Response.Headers.AccessControlAllowOrigin = _allowsAny ? "*" : origin;
        if (!isPreflight)
            return Verdict.Continue;
        AnswerPreflight(context, Allows(origin));
        return Verdict.Answered;
    }

    /// <summary>Whether the request may come from the page that it comes from; all that do not come from one may.</summary>
    public bool AllowsPageOf(HttpContext context) => context.Request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || Allows(origin));

    bool Allows(string origin) => _allowsAny || Array.Exists(_patterns, pattern => pattern.IsMatch(origin));

    static void AnswerPreflight(HttpContext context, bool isAllowed)
    {
        var response = context.Response;
        response.StatusCode = isAllowed ? StatusCodes.Status204NoContent : StatusCodes.Status403Forbidden;
        if (!isAllowed)
            return;
        response.Headers.AccessControlAllowMethods = "POST";

        // Exporters may be configured with headers of any name; they are ignored, so any is fine.
        var asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
        response.Headers.AccessControlAllowHeaders = asked.Length == 0 ? "content-type" : asked;
        response.Headers.AccessControlMaxAge = "7200";
        if (context.Request.Headers.ContainsKey("Access-Control-Request-Private-Network"))
            response.Headers["Access-Control-Allow-Private-Network"] = "true";
    }
}
