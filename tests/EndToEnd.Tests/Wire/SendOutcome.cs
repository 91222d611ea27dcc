namespace Clew.EndToEnd.Tests.Wire;

internal enum SendOutcome
{
    /// <summary>The receiver answered that it has the spans: they must never be lost from here on.</summary>
    Acknowledged,

    /// <summary>The receiver answered that the spans were not taken, and that sending them again later may help.</summary>
    RefusedForNow,

    /// <summary>The receiver answered that sending these spans again will not help.</summary>
    Refused,

    /// <summary>No answer came: the spans may or may not be stored.</summary>
    Unanswered,
}
