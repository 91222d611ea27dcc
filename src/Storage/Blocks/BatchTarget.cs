using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>A batch that rows of row groups are decoded into, with what the codes of their block are in it.</summary>
internal sealed class BatchTarget
{
    readonly SpanBatch _dictionary;
    readonly int _sharedCount;

    // Null for a batch over the dictionary's tables: there, codes are what they are.
    readonly SpanCopier? _copier;
    readonly int[] _shared, _scopes;
    RowGroupReader? _reader;
    int[] _own = [];
    int[] _ownEnds = [];
    byte[] _ownBytes = [];

    BatchTarget(SpanBatch dictionary, SpanBatch batch, SpanCopier? copier)
    {
        (_dictionary, Batch, _copier, _sharedCount) = (dictionary, batch, copier, dictionary.Strings.Count);
        (_shared, _scopes) = copier is null ? ([], []) : (new int[dictionary.Strings.Count], new int[dictionary.Scopes.Count]);
    }

    /// <summary>A batch of its own, with the strings and scopes that its spans use.</summary>
    public BatchTarget(SpanBatch dictionary, SpanBatch batch)
        : this(dictionary, batch, new SpanCopier(batch))
    {
    }

    /// <summary>A new batch over the resources and scopes of a dictionary, and over its strings.</summary>
    /// <param name="takesOwnStrings">Strings of row groups' own come in: the batch gets a copy of the strings, and these behind them.</param>
    public static BatchTarget Over(SpanBatch dictionary, bool takesOwnStrings)
    {
        var strings = dictionary.Strings;
        if (takesOwnStrings)
        {
            strings = new StringTable();
            strings.TryLoad(dictionary.Strings.Bytes, dictionary.Strings.Ends);
        }

        var batch = new SpanBatch(strings, dictionary.Resources, dictionary.Scopes);
        for (var row = 0; row < dictionary.Nested.Count; row++)
            batch.Nested.Set(batch.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        return new BatchTarget(dictionary, batch, null);
    }

    public SpanBatch Batch { get; }

    /// <summary>Codes are from this reader's row group from now on.</summary>
    public void Begin(RowGroupReader reader)
    {
        _reader = reader;
        _own = [];
    }

    /// <summary>The batch's code of a string.</summary>
    /// <param name="code">Below the reader's count of strings.</param>
    public int CodeOf(int code)
    {
        if (code >= _sharedCount)
            return OwnCodeOf(code - _sharedCount);
        if (code == 0 || _copier is null)
            return code;
        ref var known = ref _shared[code];
        if (known == 0)
            known = Batch.Strings.Intern(_dictionary.Strings[code]);
        return known;
    }

    /// <summary>Turns rows of the block's scopes into rows of the batch's.</summary>
    public void MapScopes(Span<int> scopes)
    {
        if (_copier is null)
            return;
        foreach (ref var scope in scopes)
        {
            ref var known = ref _scopes[scope];
            if (known == 0)
                known = _copier.CopyScope(_dictionary, scope) + 1;
            scope = known - 1;
        }
    }

    int OwnCodeOf(int number)
    {
        if (_own.Length == 0)
        {
            (_ownEnds, _ownBytes) = _reader!.OwnStrings;
            _own = new int[_ownEnds.Length];
        }

        ref var known = ref _own[number];
        if (known == 0)
            known = Batch.Strings.Intern(_ownBytes.AsSpan((number == 0 ? 0 : _ownEnds[number - 1]).._ownEnds[number]));
        return known;
    }
}
