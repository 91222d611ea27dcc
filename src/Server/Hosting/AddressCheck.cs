using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Clew.Server.Hosting;

/// <summary>Finds out, before anything is opened or created, which of the configured addresses cannot be listened on.</summary>
internal static class AddressCheck
{
    /// <exception cref="ListenException">Names all addresses that are taken, or else the first that cannot be used for another reason.</exception>
    public static void ThrowIfUnusable(ListenOptions listen)
    {
        var taken = new List<(string Key, string Address)>();
        ListenException? other = null;
        Exception? first = null;
        foreach (var (key, text) in listen.Addresses())
        {
            if (!ListenAddress.TryParse(text, out var address) || TryBind(address) is not { } failure)
                continue;
            if (!ListenException.IsTaken(failure))
                other ??= ListenException.Of(key, text, failure);
            else
                taken.Add((key, text));
            first ??= failure;
        }

        if (taken.Count > 0)
            throw ListenException.Taken(taken, first!);
        if (other is not null)
            throw other;
    }

    // As Kestrel binds, so that the verdict is the same.
    static SocketException? TryBind(ListenAddress address)
    {
        try
        {
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(address.Ip ?? IPAddress.Loopback, address.Port));
            return null;
        }
        catch (SocketException failure)
        {
            return failure;
        }
    }
}
