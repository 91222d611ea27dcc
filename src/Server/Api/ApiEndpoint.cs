using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>A path of Clew's API, and what answers there.</summary>
/// <param name="Operation">What it is called in metrics.</param>
/// <param name="Path">Below <c>/api/clew/v1/</c>; a segment in braces stands for anything.</param>
/// <param name="Parameters">The query parameters it knows; any other is a mistake.</param>
/// <param name="AnswerAsync">Given what stands in place of the segment in braces.</param>
internal sealed record ApiEndpoint(string Operation, string Path, string[] Parameters, Func<HttpContext, string, Task> AnswerAsync)
{
    readonly string[] _segments = Path.Split('/');

    public ApiEndpoint(string operation, string path, string[] parameters, Func<HttpContext, Task> answerAsync)
        : this(operation, path, parameters, (context, _) => answerAsync(context))
    {
    }

    /// <summary>Its answer may last for as long as the client likes: it takes no place among the queries.</summary>
    public bool IsEndless { get; init; }

    /// <param name="segments">Of the path that was asked for, without the prefix.</param>
    /// <param name="part">What stands in place of the segment in braces; else empty.</param>
    public bool IsAt(ReadOnlySpan<string> segments, out string part)
    {
        part = "";
        if (segments.Length != _segments.Length)
            return false;
        for (var at = 0; at < segments.Length; at++)
        {
            if (_segments[at].StartsWith('{'))
                part = segments[at];
            else if (_segments[at] != segments[at])
                return false;
        }

        return true;
    }
}
