using System.Globalization;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Histories on the simulated disk. More of them: CLEW_SIM_SEEDS (how many), CLEW_SIM_FIRST_SEED (from which on).</summary>
public sealed class SimulationTests
{
    [Fact]
    public void Through_any_history_of_failures_and_crashes_acknowledged_spans_are_there_exactly_once()
    {
        var first = FromEnvironment("CLEW_SIM_FIRST_SEED", 1);
        var count = FromEnvironment("CLEW_SIM_SEEDS", 300);
        var tallies = new History.Tally[count];
        Parallel.For(0, count, at =>
        {
            try
            {
                tallies[at] = History.Run(first + at);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {first + at} failed: repeat it with CLEW_SIM_FIRST_SEED={first + at} CLEW_SIM_SEEDS=1. {failure.Message}", failure);
            }
        });
        if (count < 100)
            return;
        // Histories in which nothing happens prove nothing.
        Assert.True(tallies.Count(tally => tally.BlocksMax > 1) > count / 4, "sealing is too rare");
        Assert.True(tallies.Count(tally => tally.WasFull) > count / 20, "a full disk is too rare");
        Assert.True(tallies.Count(tally => tally.RefusedAny) > count / 10, "refusals are too rare");
        Assert.True(tallies.Sum(tally => tally.Restarts) > count * 3, "crashes are too rare");
    }

    static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
