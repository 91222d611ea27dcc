using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary><c>/api/status/buildinfo</c>: what Grafana decides by which features it may use.</summary>
internal static class BuildInfo
{
    /// <summary>The Tempo whose API this is: it has all that Grafana asks for by version.</summary>
    public const string ApiVersion = "2.8.0";

    public static async Task WriteAsync(HttpContext context, string version)
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("version", ApiVersion);
        answer.Writer.WriteString("revision", version);
        answer.Writer.WriteString("branch", "clew");
        answer.Writer.WriteString("buildUser", "");
        answer.Writer.WriteString("buildDate", "");
        answer.Writer.WriteString("goVersion", "");
        answer.Writer.WriteEndObject();
    }
}
