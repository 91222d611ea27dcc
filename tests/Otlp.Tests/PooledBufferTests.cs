using System.Buffers;

namespace Clew.Otlp.Tests;

public sealed class PooledBufferTests
{
    [Fact]
    public void What_was_written_survives_growth_in_any_steps()
    {
        var seed = Seeds.Of("CLEW_BUFFER_SEED");
        var random = new Random(seed);
        var expected = new List<byte>();
        using var buffer = new PooledBuffer();
        while (expected.Count < 300_000)
        {
            var part = new byte[random.Next(20_000)];
            random.NextBytes(part);
            expected.AddRange(part);
            if (random.Next(2) == 0)
            {
                buffer.Write(part);
            }
            else
            {
                part.CopyTo(buffer.GetSpan(part.Length));
                buffer.Advance(part.Length);
            }
        }

        Assert.True(buffer.WrittenSpan.SequenceEqual(expected.ToArray()), $"CLEW_BUFFER_SEED={seed}");
    }

    [Fact]
    public void Forgetting_keeps_what_is_before()
    {
        using var buffer = new PooledBuffer();
        buffer.Write([1, 2, 3, 4]);
        buffer.Truncate(2);
        buffer.Write([9]);
        Assert.Equal([1, 2, 9], buffer.WrittenMemory.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(4));
        buffer.Clear();
        Assert.Equal(0, buffer.Count);
    }

    [Fact]
    public void A_disposed_buffer_is_an_empty_one_and_gives_its_array_back_once()
    {
        var buffer = new PooledBuffer();
        buffer.Write([1]);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal((0, 0), (buffer.Count, buffer.CapacityBytes));
        buffer.Write([2]);
        Assert.Equal([2], buffer.WrittenSpan.ToArray());
        buffer.Dispose();
    }

    [Fact]
    public void Advancing_beyond_what_was_handed_out_is_an_error()
    {
        using var buffer = new PooledBuffer();
        var free = buffer.GetSpan(10).Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(free + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }
}
