using System.Text;
using System.Text.RegularExpressions;

namespace Clew.Model;

/// <summary>A question about one text. A store asks it once per distinct text.</summary>
public abstract record TextTest
{
    TextTest()
    {
    }

    /// <param name="utf8">The text as it is stored; may not be valid UTF-8.</param>
    /// <exception cref="RegexMatchTimeoutException">A pattern took longer than it may, several times. Stores let it through to whoever asked.</exception>
    public abstract bool Holds(ReadOnlySpan<byte> utf8);

    public sealed record Is(string Text) : TextTest
    {
        readonly byte[] _utf8 = Encoding.UTF8.GetBytes(Text);

        /// <summary>The text as it is stored.</summary>
        public ReadOnlySpan<byte> Utf8 => _utf8;

        public override bool Holds(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual(_utf8);

        public bool Equals(Is? other) => other is not null && Text == other.Text;

        public override int GetHashCode() => string.GetHashCode(Text, StringComparison.Ordinal);
    }

    /// <summary>The whole text matches a regular expression, which must have been made with <see cref="RegexOptions.NonBacktracking"/>: it is a stranger's.</summary>
    public sealed record Like(Regex Pattern) : TextTest
    {
        // The clock of a match goes on while the thread waits for the processor: late once or twice may be chance.
        const int TriesMax = 3;

        // How long a text takes goes with its length: with the worst pattern, so many bytes take some milliseconds, and with most others less than a look at the clock.
        const int BytesPerLook = 1_024;

        // Each text takes something, however short.
        const int TextBytes = 16;

        // Threads that count at once lose some of it, and look a text later.
        int _bytesSinceLook;

        /// <summary>The query that asks, where it may end between two texts. Then this does not hold for what is left, of which nothing is known.</summary>
        /// <remarks>A query that was cancelled ends with an <see cref="OperationCanceledException"/>.</remarks>
        public ReadMeter? Meter { get; init; }

        public override bool Holds(ReadOnlySpan<byte> utf8)
        {
            if (MustStop(utf8.Length + TextBytes))
                return false;
            var text = Encoding.UTF8.GetString(utf8);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return Pattern.IsMatch(text);
                }
                catch (RegexMatchTimeoutException) when (tries < TriesMax)
                {
                    if (MustStop(BytesPerLook))
                        return false;
                }
            }
        }

        bool MustStop(int bytes)
        {
            if (Meter is null || (_bytesSinceLook += bytes) < BytesPerLook)
                return false;
            // Once it must, it must for every text.
            if (Meter.MustStop())
                return true;
            _bytesSinceLook = 0;
            return false;
        }

        public bool Equals(Like? other) => other is not null && Pattern.ToString() == other.Pattern.ToString();

        public override int GetHashCode() => string.GetHashCode(Pattern.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The text lies between two others, bounds included, in the order of their bytes; null for no bound.</summary>
    public sealed record Between(string? From, string? To) : TextTest
    {
        readonly byte[]? _from = From is null ? null : Encoding.UTF8.GetBytes(From);
        readonly byte[]? _to = To is null ? null : Encoding.UTF8.GetBytes(To);

        public override bool Holds(ReadOnlySpan<byte> utf8) =>
            (_from is null || utf8.SequenceCompareTo(_from) >= 0) && (_to is null || utf8.SequenceCompareTo(_to) <= 0);

        public bool Equals(Between? other) => other is not null && From == other.From && To == other.To;

        public override int GetHashCode() => HashCode.Combine(From, To);
    }
}
