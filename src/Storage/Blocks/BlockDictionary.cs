using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The strings, resources and scopes that all row groups of a block share, settled before the first row is written.</summary>
internal sealed class BlockDictionary
{
    readonly SpanCopier _copier;

    BlockDictionary()
    {
        Batch = new SpanBatch();
        _copier = new SpanCopier(Batch);
    }

    /// <summary>Has no spans.</summary>
    public SpanBatch Batch { get; }

    /// <summary>For a block that others are merged into: all they share, each thing once.</summary>
    public static BlockDictionary Union(IEnumerable<SpanBatch> dictionaries)
    {
        var union = new BlockDictionary();
        foreach (var dictionary in dictionaries)
        {
            for (var code = 1; code < dictionary.Strings.Count; code++)
                union.Batch.Strings.Intern(dictionary.Strings[code]);
            for (var scope = 0; scope < dictionary.Scopes.Count; scope++)
                union._copier.CopyScope(dictionary, scope);
            union._copier.ForgetSources();
        }

        return union;
    }

    /// <summary>For a block of one batch, with the batch mapped to it.</summary>
    /// <param name="order">All rows in the order in which they will be appended.</param>
    public static (BlockDictionary Dictionary, RowSource Rows) Of(SpanBatch source, ReadOnlySpan<int> order, int rowsPerGroup)
    {
        var (dictionary, rows) = (new BlockDictionary(), new RowSource(source));
        var isShared = StringPlacement.Of(source, order, rowsPerGroup);
        for (var code = 1; code < isShared.Length; code++)
        {
            if (isShared[code])
                rows.Codes[code] = dictionary.Batch.Strings.Intern(source.Strings[code]);
        }

        for (var scope = 0; scope < source.Scopes.Count; scope++)
            rows.Scopes[scope] = dictionary._copier.CopyScope(source, scope);
        dictionary._copier.ForgetSources();
        // What only scopes and resources use came in with them; rows must not take it for a local.
        for (var code = 1; code < isShared.Length; code++)
        {
            if (rows.Codes[code] == RowSource.Unknown)
                rows.Codes[code] = dictionary.Batch.Strings.TryFind(source.Strings[code], out var shared) ? shared : RowSource.NotShared;
        }

        return (dictionary, rows);
    }

    /// <summary>Maps the scopes that a batch's spans use. Its strings are looked up as they are met.</summary>
    /// <exception cref="InvalidOperationException">A scope is not in the dictionary.</exception>
    public RowSource Map(SpanBatch source)
    {
        var rows = new RowSource(source);
        var (strings, scopes) = (Batch.Strings.Count, Batch.Scopes.Count);
        foreach (var scope in source.Spans.Scopes.Values)
        {
            if (rows.Scopes[scope] < 0)
                rows.Scopes[scope] = _copier.CopyScope(source, scope);
        }

        _copier.ForgetSources();
        if (Batch.Strings.Count > strings || Batch.Scopes.Count > scopes)
            throw new InvalidOperationException("A batch has scopes that the block's dictionary was not made of.");
        return rows;
    }
}
