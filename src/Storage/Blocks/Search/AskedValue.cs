using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>What is asked of an attribute's value, prepared for columns of every kind: the mirror of <see cref="SpanMatcher"/>. Any number of threads use it.</summary>
internal abstract class AskedValue
{
    /// <summary>The one string that a value of some kinds has to be, or to have within it; null when several would do.</summary>
    public virtual AskedString? String => null;

    /// <summary>Only a row group's own strings can be <see cref="String"/>.</summary>
    public bool IsOwnString => String is { IsNotShared: true };

    /// <summary>Nothing passes without <see cref="String"/>, be it that values have to be looked at one by one to tell (<see cref="TakesMatcher"/>).</summary>
    public virtual bool IsOnlyString => false;

    /// <summary>Whether values of this kind can pass, strings aside, of which only the row group knows.</summary>
    public abstract bool CanBe(ValueKind kind);

    /// <summary>Whether a value of this kind passes only with <see cref="String"/>.</summary>
    public virtual bool TakesString(ValueKind kind) => false;

    /// <summary>Whether only <see cref="SpanMatcher"/> can tell if a value of this kind passes: it is not in one column.</summary>
    public abstract bool TakesMatcher(ValueKind kind);

    /// <summary>Removes the values that do not pass.</summary>
    /// <param name="chunk">A column of a kind that can pass and takes no matcher.</param>
    /// <param name="ownCode">The code that the row group has for <see cref="String"/> as one of its own; -1 when it has none.</param>
    public abstract void Keep(RowGroupReader reader, in RowGroupDirectory.AttributeChunk chunk, int ownCode, Span<ulong> values);

    private protected static void KeepEqual(in IntegerColumn column, long code, Span<ulong> values)
    {
        if (code < 0)
            values.Clear();
        else
            column.Keep((ulong)code, (ulong)code, values);
    }

    /// <summary>Removes the integers that are not within a range.</summary>
    private protected static void KeepIntegers(in IntegerColumn column, bool isSigned, long low, long high, Span<ulong> values)
    {
        const ulong Sign = 1UL << 63;
        if (low > high || (high < 0 && !isSigned))
            values.Clear();
        else if (isSigned)
            column.Keep((ulong)low ^ Sign, (ulong)high ^ Sign, values);
        else
            column.Keep((ulong)Math.Max(0, low), (ulong)high, values);
    }
}
