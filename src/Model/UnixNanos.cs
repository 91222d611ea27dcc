using System.Globalization;

namespace Clew.Model;

/// <summary>A point in time: nanoseconds since 1970-01-01T00:00:00Z, unsigned as in OTLP. Zero means unknown.</summary>
/// <remarks>Times are claims of the sender: any 64-bit value may arrive, in any order. Arithmetic here never wraps.</remarks>
public readonly record struct UnixNanos(ulong Value) : IComparable<UnixNanos>
{
    const long NanosPerTick = 100;

    public static UnixNanos MinValue => default;

    public static UnixNanos MaxValue => new(ulong.MaxValue);

    /// <summary>The nanoseconds from this time to <paramref name="end"/>; 0 when the end lies before the start.</summary>
    public ulong NanosUntil(UnixNanos end) => end.Value > Value ? end.Value - Value : 0;

    /// <summary>This time moved later by <paramref name="nanos"/>, at most <see cref="MaxValue"/>.</summary>
    public UnixNanos Plus(ulong nanos) => new(Value > ulong.MaxValue - nanos ? ulong.MaxValue : Value + nanos);

    /// <summary>This time moved earlier by <paramref name="nanos"/>, at least <see cref="MinValue"/>.</summary>
    public UnixNanos Minus(ulong nanos) => new(Value < nanos ? 0 : Value - nanos);

    /// <summary>This time moved later, or earlier by a negative number, within the same bounds.</summary>
    public UnixNanos Shifted(long nanos) => nanos < 0 ? Minus((ulong)-nanos) : Plus((ulong)nanos);

    /// <summary>A time before 1970 becomes <see cref="MinValue"/>.</summary>
    public static UnixNanos From(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return new UnixNanos(ticks <= 0 ? 0 : (ulong)ticks * NanosPerTick);
    }

    /// <summary>Truncated to 100 ns; times past the year 9999 become the last representable one.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var ticks = Value / NanosPerTick;
        var ticksMax = (ulong)(DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks);
        return DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(ticks, ticksMax));
    }

    public int CompareTo(UnixNanos other) => Value.CompareTo(other.Value);

    public static bool operator <(UnixNanos left, UnixNanos right) => left.Value < right.Value;
    public static bool operator >(UnixNanos left, UnixNanos right) => left.Value > right.Value;
    public static bool operator <=(UnixNanos left, UnixNanos right) => left.Value <= right.Value;
    public static bool operator >=(UnixNanos left, UnixNanos right) => left.Value >= right.Value;

    /// <summary>The decimal count of nanoseconds, as OTLP/JSON writes it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
