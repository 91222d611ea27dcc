namespace Clew.Server.Hosting;

/// <summary>An address the server listens on, with the port it really got.</summary>
/// <param name="Key">The configuration key it came from, such as <c>listen.ui</c>.</param>
/// <param name="Address">As a client would use it: an address that stands for every interface is shown as loopback.</param>
/// <param name="IsEveryInterface">Whether it is every address of this machine, and so reachable under any of its names.</param>
public sealed record BoundEndpoint(string Key, Uri Address, bool IsEveryInterface = false);
