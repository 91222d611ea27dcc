namespace Clew.Storage.Tests.Simulation;

/// <summary>The machine lost power. Not an <see cref="IOException"/>: no code of the store may handle it.</summary>
internal sealed class SimulatedCrash() : Exception("The simulated machine lost power.");
