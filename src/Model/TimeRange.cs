namespace Clew.Model;

/// <summary>A closed range of span start times.</summary>
public readonly record struct TimeRange(UnixNanos From, UnixNanos To)
{
    public static TimeRange All => new(UnixNanos.MinValue, UnixNanos.MaxValue);

    public bool Contains(UnixNanos time) => time >= From && time <= To;

    public bool Overlaps(UnixNanos earliest, UnixNanos latest) => earliest <= To && latest >= From;
}
