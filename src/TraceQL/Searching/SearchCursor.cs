using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>A place in the order of all matching traces: by the newest span that the store was asked for, then by id. Traces that come in later do not move it.</summary>
public readonly record struct SearchCursor(UnixNanos Newest, TraceId Id) : IComparable<SearchCursor>
{
    /// <summary>What comes first in the answer is less.</summary>
    public int CompareTo(SearchCursor other) => other.Newest.CompareTo(Newest) is var order and not 0 ? order : Id.CompareTo(other.Id);

    public static bool operator <(SearchCursor left, SearchCursor right) => left.CompareTo(right) < 0;

    public static bool operator >(SearchCursor left, SearchCursor right) => left.CompareTo(right) > 0;

    public static bool operator <=(SearchCursor left, SearchCursor right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SearchCursor left, SearchCursor right) => left.CompareTo(right) >= 0;

    public static bool TryParse([NotNullWhen(true)] string? text, out SearchCursor cursor)
    {
        cursor = default;
        if (text?.Split('-') is not [var newest, var id]
            || !ulong.TryParse(newest, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) || !TraceId.TryParse(id, out var traceId))
            return false;
        cursor = new SearchCursor(new UnixNanos(nanos), traceId);
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => $"{Newest}-{Id}";
}
