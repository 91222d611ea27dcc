using System.Collections.Concurrent;
using System.Globalization;
using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Histories on the simulated disk. More of them: CLEW_SIM_SEEDS (how many), CLEW_SIM_FIRST_SEED (from which on). 100,000 take about two hours of one core.</summary>
public sealed class SimulationTests
{
    /// <summary>Several failures tell more than one; many of them tell the same.</summary>
    const int FailuresMax = 20;

    [Fact]
    public void Through_any_history_of_failures_and_crashes_acknowledged_spans_are_there_exactly_once()
    {
        var first = FromEnvironment("CLEW_SIM_FIRST_SEED", 1);
        var count = FromEnvironment("CLEW_SIM_SEEDS", 2_000);
        var tallies = new HistoryTally[count];
        var failures = new ConcurrentBag<(int Seed, Exception Failure)>();
        Parallel.For(0, count, (at, loop) =>
        {
            try
            {
                tallies[at] = History.Run(first + at);
            }
            catch (Exception failure)
            {
                failures.Add((first + at, failure));
                if (failures.Count >= FailuresMax)
                    loop.Stop();
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(failed => failed.Seed).Select(Describe)));
        if (count < 100)
            return;
        // Histories in which nothing happens prove nothing.
        Expect("sealing", count / 4, tally => tally.BlocksMax > 1);
        Expect("a full disk", count / 20, tally => tally.WasFull);
        Expect("refusals", count / 10, tally => tally.RefusedAny);
        Expect("merging", count / 6, tally => tally.Merges > 0);
        Expect("dropped traces", count / 30, tally => tally.DroppedTraces > 0);
        Expect("expiry by budget", count / 30, tally => tally.Expired.Any(expired => expired.Cause == ExpiryCause.Budget));
        Expect("expiry by age", count / 20, tally => tally.Expired.Any(expired => expired.Cause == ExpiryCause.Age));
        Expect("moves to a bucket", count / 25, tally => tally.MovedBlocks > 0);
        Expect("answers without what is in a bucket", count / 100, tally => tally.MissedAny);
        Expect("flipped bits", count / 10, tally => tally.HitFiles > 0);
        Expect("flipped bits that cost spans", count / 20, tally => tally.ExposedSpans > 0);
        foreach (var level in Enum.GetValues<StoreLevel>())
        {
            Expect($"level {level}", count / 20, tally => tally.Levels.Contains(level));
            if (count >= 1_000)
                Expect($"expiry by budget from level {level}", count / 500, tally => tally.Expired.Contains((level, ExpiryCause.Budget)));
        }

        Assert.True(tallies.Sum(tally => tally.Restarts) > count * 3, "crashes are too rare");

        void Expect(string what, int countMin, Func<HistoryTally, bool> has)
        {
            var found = tallies.Count(has);
            Assert.True(found > countMin, $"{what} happens in {found} of {count} histories, and should in more than {countMin}.");
        }
    }

    static string Describe((int Seed, Exception Failure) failed) =>
        $"Seed {failed.Seed} failed: repeat it with CLEW_SIM_FIRST_SEED={failed.Seed} CLEW_SIM_SEEDS=1 ./test Storage\n{failed.Failure}";

    static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
