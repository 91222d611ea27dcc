using System.Text;
using Clew.Storage.Blocks;

namespace Clew.Storage.Tests.Blocks;

public sealed class Lz4Tests
{
    [Fact]
    public void Whatever_is_compressed_reads_back()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var content = Content(new Random(seed));
            var read = new byte[content.Length];
            Assert.True(Lz4.TryDecompress(Compressed(content), read), $"seed {seed}");
            Assert.True(content.AsSpan().SequenceEqual(read), $"seed {seed}");
        }
    }

    [Fact]
    public void Text_that_repeats_becomes_small_and_noise_grows_by_little()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(at => $"layer.execute of model {at % 7} took {at * 37 % 1_000} µs; ")));
        Assert.InRange(Compressed(text).Length, 1, text.Length / 5);
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        Assert.InRange(Compressed(noise).Length, noise.Length, noise.Length + (noise.Length / 255) + 16);
        Assert.InRange(Compressed(new byte[100_000]).Length, 1, 420);
    }

    [Fact]
    public void Blocks_of_other_writers_read_back()
    {
        foreach (var (block, content) in new (string Block, string Content)[]
        {
            // By hand, from the description of the format: literals only; a match that makes itself; lengths that go on in more bytes.
            ("50-68-65-6C-6C-6F", "hello"),
            ("1F-61-01-00-05-50-62-62-62-62-62", new string('a', 25) + "bbbbb"),
            ("00", ""),
            ("F0-00-30-31-32-33-34-35-36-37-38-39-30-31-32-33-34", "012345678901234"),
            // By lz4 1.9 with its best effort.
            (
                "FA127370616E2030206F6620747261636520303A206C617965722E657865637574652C0F00C1206F6E20637564613A303B203B001F313B001F13313B001F323B001F13323B001F333B001F"
                + "13333B0016343B001F313B001413343B001F353B001F13353B001F363B001F13363B001F373B001F13373B0016383B001F323B001250613A303B20",
                string.Concat(Enumerable.Range(0, 9).Select(at => $"span {at} of trace {at / 4}: layer.execute, layer.execute on cuda:{at % 8}; "))),
        })
        {
            var expected = Encoding.UTF8.GetBytes(content);
            var read = new byte[expected.Length];
            Assert.True(Lz4.TryDecompress(Convert.FromHexString(block.Replace("-", "")), read), block);
            Assert.Equal(content, Encoding.UTF8.GetString(read));
        }
    }

    [Fact]
    public void A_block_keeps_the_rules_for_its_end()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var content = Content(new Random(seed));
            var (lastLiterals, lastMatchStart) = EndOf(Compressed(content));
            Assert.True(lastMatchStart < 0 || (lastLiterals >= 5 && lastMatchStart <= content.Length - 12), $"seed {seed}: {lastLiterals} literals, a match at {lastMatchStart}");
        }
    }

    [Fact]
    public void A_block_that_was_cut_or_changed_is_refused_or_has_other_content_of_the_same_length()
    {
        var refused = 0;
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var content = Content(random);
            var block = Compressed(content);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                block[random.Next(block.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0)
                block = block[..random.Next(block.Length)];
            var room = new byte[content.Length + 64];
            room.AsSpan().Fill(0xA5);
            refused += Lz4.TryDecompress(block, room.AsSpan(32, content.Length)) ? 0 : 1;
            Assert.False(room.AsSpan(0, 32).ContainsAnyExcept((byte)0xA5), $"seed {seed}: written before the target");
            Assert.False(room.AsSpan(32 + content.Length).ContainsAnyExcept((byte)0xA5), $"seed {seed}: written behind the target");
        }

        Assert.InRange(refused, 3_000, 9_999);
    }

    [Fact]
    public void Noise_is_no_block_of_any_length_by_chance_and_ends()
    {
        var random = new Random(1);
        for (var time = 0; time < 20_000; time++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Lz4.TryDecompress(noise, new byte[random.Next(2_000)]);
        }

        // Lengths that go on and on.
        var endless = new byte[1 << 20];
        endless.AsSpan().Fill(0xFF);
        Assert.False(Lz4.TryDecompress(endless, new byte[1_000]));
    }

    // Walks the sequences as a reader of the description would.
    static (int LastLiterals, int LastMatchStart) EndOf(byte[] block)
    {
        int at = 0, made = 0, lastMatchStart = -1;
        while (true)
        {
            int token = block[at++], literals = Length(token >> 4);
            at += literals;
            made += literals;
            if (at == block.Length)
                return (literals, lastMatchStart);
            at += 2;
            lastMatchStart = made;
            made += Length(token & 15) + 4;
        }

        int Length(int nibble)
        {
            var length = nibble;
            for (var part = nibble == 15 ? 255 : 0; part == 255; length += part)
                part = block[at++];
            return length;
        }
    }

    static byte[] Compressed(byte[] content)
    {
        var room = new byte[Lz4.BoundOf(content.Length)];
        return room[..Lz4.Compress(content, room)];
    }

    static byte[] Content(Random random)
    {
        var content = new byte[random.Next(4) == 0 ? random.Next(40) : random.Next(random.Next(10) == 0 ? 300_000 : 3_000)];
        var (distinct, repeat) = (random.Next(1, 257), random.Next(2) == 0 ? 0 : random.Next(1, 100));
        for (var at = 0; at < content.Length;)
        {
            if (at > 0 && random.Next(100) < repeat)
            {
                var from = random.Next(at);
                for (var count = Math.Min(random.Next(4, 400), content.Length - at); count > 0; count--)
                    content[at++] = content[from++];
            }
            else
            {
                content[at++] = (byte)random.Next(distinct);
            }
        }

        return content;
    }
}
