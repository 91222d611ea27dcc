namespace Clew.Cli;

/// <summary>The server does not understand a query.</summary>
/// <param name="reason">Without the place.</param>
/// <param name="line">Counts from 1, as does <paramref name="column"/>.</param>
internal sealed class QueryRefusedException(string message, string reason, int line, int column) : CommandFailedException(message)
{
    public string Reason => reason;

    public int Line => line;

    public int Column => column;
}
