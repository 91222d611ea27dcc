using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>In which row groups of a block each of several numbered things occurs, and how late spans with it can start there.</summary>
/// <remarks>
/// <para>Kept per <em>stretch</em> of <see cref="StretchGroups"/> neighbouring row groups, which says a little too much: in some row group of the stretch it is, and none of its
/// spans starts later. What a row group has exactly is in its directory, which is read when its turn comes.</para>
/// <para>A thing that is in many stretches has a <see cref="ShortDistance"/> for each, behind the latest start of the stretch; one that is in few has pairs, of the distance from the stretch
/// before and of the start. Whatever is shorter: a thing costs half a byte per row group at most, and one that is nowhere nothing.</para>
/// </remarks>
internal sealed class Occurrences
{
    /// <summary>So many row groups are searched in a few milliseconds, should the bound of all be that of one.</summary>
    public const int StretchGroups = 4;

    readonly StretchStarts _starts;
    readonly int[] _ends;
    readonly ushort[] _codes;

    /// <param name="ends">Per number, where what <paramref name="codes"/> says of it ends.</param>
    public Occurrences(StretchStarts starts, int[] ends, ushort[] codes) => (_starts, _ends, _codes) = (starts, ends, codes);

    public int Count => _ends.Length;

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => _ends.Length * (long)sizeof(int) + _codes.Length * (long)sizeof(ushort);

    /// <summary>Where a number occurs, ascending.</summary>
    public Places this[int number] => new(_codes.AsSpan((number == 0 ? 0 : _ends[number - 1]).._ends[number]), _starts);

    /// <summary>Some row group of a stretch.</summary>
    /// <param name="Newest">No span with the thing starts later in it.</param>
    public readonly record struct Place(int Stretch, UnixNanos Newest);

    /// <summary>Walks the places of a number.</summary>
    public ref struct Places
    {
        readonly ReadOnlySpan<ushort> _codes;
        readonly StretchStarts _starts;
        readonly bool _isDense;
        int _at, _stretch;

        public Places(ReadOnlySpan<ushort> codes, StretchStarts starts)
        {
            _codes = codes;
            (_starts, _isDense) = (starts, codes.Length == starts.Count);
            _stretch = _isDense ? -1 : 0;
        }

        public readonly Places GetEnumerator() => this;

        public Place Current { get; private set; }

        public bool MoveNext()
        {
            while (_at < _codes.Length)
            {
                _stretch += _isDense ? 1 : _codes[_at++];
                var code = _codes[_at++];
                if (code == ShortDistance.None)
                    continue;
                Current = new Place(_stretch, _starts.Newest(_stretch, code));
                return true;
            }

            return false;
        }
    }
}
