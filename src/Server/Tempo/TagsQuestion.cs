using Clew.Model;

namespace Clew.Server.Tempo;

/// <summary>Which tags there are, as it was asked, over HTTP or gRPC.</summary>
/// <param name="Scope">Empty for all.</param>
/// <param name="Text">TraceQL, complete or not; only tags of spans that it leaves.</param>
/// <param name="CountMax">Of each scope; 0 for all.</param>
internal sealed record TagsQuestion(string Scope, string Text, TimeRange Range, int CountMax)
{
    static readonly string[] Scopes = ["", "none", "resource", "span", "intrinsic", "event", "link", "instrumentation", "trace"];

    public string? Problem => Scopes.Contains(Scope) ? CountMax < 0 ? "invalid limit: must be a non-negative number" : null : $"invalid scope: {Scope}";

    public bool IsEveryScope => Scope is "" or "none";
}
