using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Clew.Server;

/// <summary>An address to listen on, as configured.</summary>
/// <param name="Ip">Null for <c>localhost</c>: the loopback addresses of IPv4 and IPv6 both.</param>
internal readonly record struct ListenAddress(IPAddress? Ip, int Port)
{
    /// <summary>For messages: what is expected in place of a text that is no address.</summary>
    public static string Expectation(string text)
    {
        var port = text[(text.LastIndexOf(':') + 1)..];
        var isNumber = port.Length > 0 && port.All(char.IsAsciiDigit);
        return isNumber && !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "a port is a number from 0 to 65535"
            : isNumber && port == text ? $"expected host:port, such as 127.0.0.1:{port}"
            : "expected host:port such as 127.0.0.1:4317, [::1]:4317, localhost:4317 or *:4317";
    }

    /// <summary>Reads <c>host:port</c>; IPv6 in brackets, <c>*</c> or nothing for the host means every interface.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ListenAddress address)
    {
        address = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text![..colon];
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Two sockets cannot be given the same unknown port: a port of the system's choice is taken on IPv4 alone.
            address = new ListenAddress(port == 0 ? IPAddress.Loopback : null, port);
            return true;
        }

        if (host is "*" or "")
        {
            address = new ListenAddress(IPAddress.IPv6Any, port);
            return true;
        }

        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var ip) || isBracketed != host.Contains(':'))
            return false;
        address = new ListenAddress(ip, port);
        return true;
    }
}
