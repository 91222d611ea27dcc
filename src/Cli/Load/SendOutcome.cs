namespace Clew.Cli.Load;

internal enum SendOutcome
{
    Acknowledged,

    /// <summary>The receiver asks to send it again later.</summary>
    Refused,

    /// <summary>No answer came; nobody knows whether the request was taken.</summary>
    Unanswered,

    /// <summary>The receiver will not take it, however often it is sent.</summary>
    Failed,
}
