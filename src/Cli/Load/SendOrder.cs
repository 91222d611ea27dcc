using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>A request that is to be sent.</summary>
/// <param name="Round">Which passage through the corpus; it may be below 0.</param>
/// <param name="Due">Since the start; zero when there is no rate to keep.</param>
internal readonly record struct SendOrder(int RequestIndex, long Round, RoundSalt Salt, TimeSpan Due);
