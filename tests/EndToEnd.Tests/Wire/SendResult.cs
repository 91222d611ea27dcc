namespace Clew.EndToEnd.Tests.Wire;

/// <param name="Answer">What the receiver said, or how the connection ended.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string Answer);
