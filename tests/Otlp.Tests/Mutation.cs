namespace Clew.Otlp.Tests;

/// <summary>Damage to a request: bits, bytes, ranges, and parts of another.</summary>
static class Mutation
{
    static readonly byte[] Interesting = [0, 1, 2, 0x0A, 0x12, 0x22, 0x5C, 0x7F, 0x80, 0xC0, 0xED, 0xFE, 0xFF];

    public static byte[] Of(Random random, byte[] whole, byte[] other)
    {
        var bytes = new List<byte>(whole);
        for (var count = random.Next(4) == 0 ? random.Next(1, 8) : 1; count > 0 && bytes.Count > 0; count--)
            Damage(random, bytes, other);
        return [.. bytes];
    }

    static void Damage(Random random, List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count);
        var length = random.Next(1, Math.Min(bytes.Count - at, random.Next(2) == 0 ? 4 : 64) + 1);
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = Interesting[random.Next(Interesting.Length)]; break;
            case 2: bytes[at] += (byte)random.Next(1, 4); break;
            case 3: bytes[at] = (byte)random.Next(256); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 6: bytes.Insert(at, Interesting[random.Next(Interesting.Length)]); break;
            case 7: bytes.RemoveRange(at, bytes.Count - at); break;
            default:
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, random.Next(Math.Min(other.Length - from, 100) + 1)).ToArray());
                break;
        }
    }
}
