using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Clew.Server.Hosting;

/// <summary>One or more addresses could not be listened on. The message names each of them with its key, and what to do.</summary>
public sealed class ListenException : IOException
{
    ListenException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    internal static ListenException Of(string key, string address, Exception failure) =>
        IsTaken(failure) ? Taken([(key, address)], failure) : new ListenException($"{key} {address} cannot be listened on: {Reason(key, failure)}", failure);

    /// <param name="addresses">The addresses that another program uses; at least one.</param>
    internal static ListenException Taken(IReadOnlyList<(string Key, string Address)> addresses, Exception failure)
    {
        var names = string.Join(" and ", addresses.Select(address => $"{address.Key} {address.Address}"));
        var settings = string.Join(' ', addresses.Select(address => $"--set {address.Key}=127.0.0.1:PORT"));
        return new ListenException(
            addresses.Count == 1
                ? $"{names} cannot be listened on: another program uses it. Stop that program, or choose another port with {settings}."
                : $"{names} cannot be listened on: another program uses them. Stop that program, or choose other ports with {settings}.",
            failure);
    }

    internal static bool IsTaken(Exception failure) => failure.InnerException is AddressInUseException || CodeOf(failure) == SocketError.AddressAlreadyInUse;

    static string Reason(string key, Exception failure) => CodeOf(failure) switch
    {
        SocketError.AccessDenied => $"the system does not allow it. Ports below 1024 need privileges; choose a higher one with --set {key}=127.0.0.1:PORT.",
        SocketError.AddressNotAvailable => $"this machine does not have that address. Use one of its own, or --set {key}=*:PORT for all of them.",
        _ => $"{failure.Message.TrimEnd('.')}. Choose another address with --set {key}=127.0.0.1:PORT.",
    };

    static SocketError? CodeOf(Exception failure) =>
        (failure as SocketException ?? failure.InnerException as SocketException ?? failure.InnerException?.InnerException as SocketException)?.SocketErrorCode;
}
