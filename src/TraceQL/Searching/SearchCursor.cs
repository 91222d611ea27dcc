using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>A place in the order of all matching traces: by the newest span that the store was asked for, then by id. Traces that come in later do not move it.</summary>
/// <remarks>Nor do they move others; but a trace that grows a newer such span between two pages moves up, as it would if it were new.</remarks>
public readonly record struct SearchCursor(UnixNanos Newest, TraceId Id) : IComparable<SearchCursor>
{
    /// <summary>Which of the things that the query asks for the store was asked for: the order goes by its spans, from the first page to the last.</summary>
    public int Order { get; init; }

    /// <summary>What comes first in the answer is less.</summary>
    public int CompareTo(SearchCursor other) => other.Newest.CompareTo(Newest) is var order and not 0 ? order : Id.CompareTo(other.Id);

    public static bool operator <(SearchCursor left, SearchCursor right) => left.CompareTo(right) < 0;

    public static bool operator >(SearchCursor left, SearchCursor right) => left.CompareTo(right) > 0;

    public static bool operator <=(SearchCursor left, SearchCursor right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SearchCursor left, SearchCursor right) => left.CompareTo(right) >= 0;

    public static bool TryParse([NotNullWhen(true)] string? text, out SearchCursor cursor)
    {
        cursor = default;
        if (text?.Split('-') is not [var newest, var id, .. { Length: <= 1 } rest]
            || !ulong.TryParse(newest, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) || !TraceId.TryParse(id, out var traceId))
            return false;
        var order = 0;
        if (rest is [var number] && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out order))
            return false;
        cursor = new SearchCursor(new UnixNanos(nanos), traceId) { Order = order };
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Order == 0 ? $"{Newest}-{Id}" : string.Create(CultureInfo.InvariantCulture, $"{Newest}-{Id}-{Order}");
}
