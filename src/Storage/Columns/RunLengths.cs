namespace Clew.Storage.Columns;

/// <summary>The run-length form of a column: how many rows each of the numbers behind it stands for.</summary>
/// <remarks><code>| 0xD0 | runs varint | length of each run, packed |</code> No run is empty, and together they have as many rows as the column.</remarks>
internal readonly ref struct RunLengths
{
    public const byte Form = 0xD0;

    readonly ByteReader _blame;
    readonly PackedColumn _lengths;
    readonly int _rowCount;

    RunLengths(scoped ref ByteReader from, int rowCount)
    {
        _blame = from;
        _rowCount = rowCount;
        from.TakeByte();
        _lengths = PackedColumn.Open(ref from, from.TakeCount(rowCount));
    }

    /// <summary>How many runs there are.</summary>
    public int Count => _lengths.Count;

    public static void Write(ByteWriter to, ReadOnlySpan<ulong> lengths, ulong longest, bool wholeBytes)
    {
        to.WriteByte(Form);
        to.WriteVarint((ulong)lengths.Length);
        PackedColumn.Write(to, lengths, 1, longest, wholeBytes);
    }

    /// <summary>Takes the runs of <paramref name="rowCount"/> rows, and leaves their numbers.</summary>
    public static RunLengths Open(scoped ref ByteReader from, int rowCount) => new(ref from, rowCount);

    /// <summary>Fills <paramref name="into"/> with the numbers of the rows from <paramref name="from"/> on.</summary>
    /// <param name="numbers">One per run.</param>
    public void Repeat<T>(ReadOnlySpan<T> numbers, int from, Span<T> into)
        where T : unmanaged
    {
        using var room = Rented<uint>.Of(Count);
        var runs = new Walk(this, room.Span);
        var filled = 0;
        while (filled < into.Length)
        {
            if (!runs.MoveNext())
                _blame.Fail($"runs of {_rowCount} rows together", $"{runs.End}");
            if (runs.End <= from)
                continue;
            var end = Math.Min(runs.End - from, into.Length);
            into[filled..end].Fill(numbers[runs.Index]);
            filled = end;
        }
    }

    /// <summary>Removes the rows of the runs whose number does not pass.</summary>
    /// <param name="numbers">One per run.</param>
    public void Keep<TTest>(TTest test, ReadOnlySpan<ulong> numbers, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var room = Rented<uint>.Of(Count);
        var runs = new Walk(this, room.Span);
        var start = 0;
        for (; runs.MoveNext(); start = runs.End)
        {
            if (!test.Passes(numbers[runs.Index]))
                RowBits.Remove(rows, start, runs.End);
        }

        if (start != _rowCount)
            _blame.Fail($"runs of {_rowCount} rows together", $"{start}");
    }

    /// <summary>Goes from run to run, none of which may be empty or reach past the end.</summary>
    ref struct Walk
    {
        readonly ByteReader _blame;
        readonly ReadOnlySpan<uint> _lengths;
        readonly int _rowCount;

        public Walk(in RunLengths runs, Span<uint> room)
        {
            _blame = runs._blame;
            _rowCount = runs._rowCount;
            if (runs._lengths.Largest > (ulong)_rowCount)
                _blame.Fail($"runs of at most {_rowCount} rows", $"{runs._lengths.Largest}");
            runs._lengths.Decode(0, room);
            _lengths = room;
        }

        public int Index { get; private set; } = -1;

        /// <summary>The row after the run.</summary>
        public int End { get; private set; }

        public bool MoveNext()
        {
            if (++Index == _lengths.Length)
                return false;
            var length = (int)_lengths[Index];
            if (length == 0 || length > _rowCount - End)
                _blame.Fail($"a run of at most {_rowCount - End} rows", $"{length}");
            End += length;
            return true;
        }
    }
}
