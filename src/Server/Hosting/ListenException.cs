namespace Clew.Server.Hosting;

/// <summary>An address could not be listened on.</summary>
/// <param name="key">The configuration key of the address, such as <c>listen.otlp_grpc</c>.</param>
public sealed class ListenException(string key, string address, string problem, string fix, Exception? inner = null)
    : IOException($"{key} {address} cannot be listened on: {problem}. {fix}", inner)
{
    public string Key { get; } = key;

    public string Address { get; } = address;
}
