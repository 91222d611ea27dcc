using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>A batch that rows of row groups are decoded into, with what the codes of their block are in it.</summary>
internal sealed class BatchTarget(SpanBatch dictionary, SpanBatch batch)
{
    readonly SpanCopier _copier = new(batch);
    readonly int[] _shared = new int[dictionary.Strings.Count];
    readonly int[] _scopes = new int[dictionary.Scopes.Count];
    RowGroupReader? _reader;
    int[] _own = [];
    int[] _ownEnds = [];
    byte[] _ownBytes = [];

    public SpanBatch Batch => batch;

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
        if (code == 0)
            return 0;
        if (code >= _shared.Length)
            return OwnCodeOf(code - _shared.Length);
        ref var known = ref _shared[code];
        if (known == 0)
            known = batch.Strings.Intern(dictionary.Strings[code]);
        return known;
    }

    /// <summary>The batch's row of a scope.</summary>
    public int ScopeOf(int scope)
    {
        ref var known = ref _scopes[scope];
        if (known == 0)
            known = _copier.CopyScope(dictionary, scope) + 1;
        return known - 1;
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
            known = batch.Strings.Intern(_ownBytes.AsSpan((number == 0 ? 0 : _ownEnds[number - 1]).._ownEnds[number]));
        return known;
    }
}
