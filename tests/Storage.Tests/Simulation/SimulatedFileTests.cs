namespace Clew.Storage.Tests.Simulation;

/// <summary>What the histories believe of their disk.</summary>
public sealed class SimulatedFileTests
{
    const int Seeds = 200;

    [Fact]
    public void A_file_of_which_a_failed_flush_forgot_something_is_not_durable_until_it_is_written_again()
    {
        var forgot = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var file = new SimulatedFile();
            file.Write(0, new byte[1_000]);
            file.Flush();
            Assert.True(file.IsDurable, $"seed {seed}: flushed");
            Finish(file);
            Assert.False(file.IsDurable, $"seed {seed}: not flushed");
            file.FailFlush(random);
            var (isDurable, content) = (file.IsDurable, file.Current);
            file.Crash(random);
            Assert.True(isDurable == content.SequenceEqual(file.Current), $"seed {seed}: after a failed flush");
            forgot += isDurable ? 0 : 1;
            Finish(file);
            file.Flush();
            Assert.True(file.IsDurable, $"seed {seed}: flushed again");
        }

        Assert.InRange(forgot, 1, Seeds - 1);
    }

    // As a segment is closed: a mark at the end, and what is behind it is cut.
    static void Finish(SimulatedFile file)
    {
        file.Write(600, [1, 2, 3, 4]);
        file.SetLength(604);
    }
}
