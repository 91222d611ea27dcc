namespace Clew.Cli.Demo;

/// <summary>Something that goes wrong in a simulated system, on purpose.</summary>
internal sealed class SimulatedFault(string message) : Exception(message);
