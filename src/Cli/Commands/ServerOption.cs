using System.CommandLine;

namespace Clew.Cli.Commands;

/// <summary>Which server a question goes to.</summary>
internal sealed class ServerOption() : Option<string?>("--server")
{
    const string Default = "http://127.0.0.1:16686";

    public static ServerOption Create() => new() { HelpName = "URL", Description = $"The server to ask. Default: {ApiClient.ServerVariable} of the environment, else {Default}." };

    public ApiClient Connect(ParseResult parsed) =>
        new(parsed.GetValue(this) ?? Environment.GetEnvironmentVariable(ApiClient.ServerVariable) ?? Default);
}
