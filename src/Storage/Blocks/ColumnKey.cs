using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Names a column of a row group: one of the fixed ones, or the values that an attribute key has with one kind, on spans, events or links.</summary>
/// <remarks><code>fixed: | id u8: below 0x80 |   attribute: | 0x80 + owner &lt;&lt; 4 + signed &lt;&lt; 3 + kind u8 | key varint | rows varint |</code></remarks>
/// <param name="Tag">The first byte, without the bit for signed numbers.</param>
/// <param name="Code">The key's code in the dictionary; 0 for a fixed column.</param>
internal readonly record struct ColumnKey(byte Tag, int Code)
{
    public const byte AttributeTag = 0x80, SignedTag = 0x08;

    const int OwnerShift = 4, KindMask = 7;

    public bool IsAttribute => Tag >= AttributeTag;

    public ValueKind Kind => (ValueKind)(Tag & KindMask);

    public ValueOwner Owner => (ValueOwner)((Tag & ~AttributeTag) >> OwnerShift);

    public static ColumnKey Of(ColumnId id) => new((byte)id, 0);

    public static ColumnKey Of(ValueOwner owner, ValueKind kind, int key) => new((byte)(AttributeTag | ((int)owner << OwnerShift) | (int)kind), key);
}
