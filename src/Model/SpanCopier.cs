namespace Clew.Model;

/// <summary>Copies spans of other batches into one, where equal strings, resources and scopes get one code.</summary>
/// <remarks>Sealing, compaction and the assembly of a trace are this. What a source's codes became is remembered per source, so that copying the next of
/// its spans is a few array look-ups.</remarks>
/// <param name="projection">What is copied of a span; the rest is left at its default. All of it when null.</param>
public sealed class SpanCopier(SpanBatch target, SpanProjection? projection = null)
{
    readonly SpanProjection _projection = projection ?? SpanProjection.All;
    readonly Dictionary<SpanBatch, SourceCodes> _sources = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<int, List<int>> _resourcesByHash = [];
    readonly Dictionary<int, List<int>> _scopesByHash = [];
    SpanBatch? _source;
    SourceCodes _codes = new(0, 0, 0, []);

    public SpanBatch Target => target;

    /// <summary>How many pairs of resources or scopes were compared by content. About as many as were found to be equal; more means that hashes collide.</summary>
    public long ComparisonCount { get; private set; }

    /// <summary>Appends one span, with its attributes, events, links, scope and resource.</summary>
    /// <returns>Its row in the target.</returns>
    public int Copy(SpanBatch source, int row)
    {
        Use(source);
        var span = source.Spans[row];
        if (_projection.HasAllAttributes)
            CopyAttributes(source, source.Spans.Attributes[row], source.Spans.Attributes, target.Spans.Attributes);
        else if (_codes.Keys.Length > 0)
            CopyProjected(source, source.Spans.Attributes[row]);
        if (_projection.Has(SpanFields.Events))
            CopyEvents(source, source.Events[row]);
        if (_projection.Has(SpanFields.Links))
            CopyLinks(source, source.Links[row]);
        return target.EndSpan(span with
        {
            Scope = Scope(source, span.Scope),
            Name = Text(source, SpanFields.Names, span.Name),
            TraceState = Text(source, SpanFields.TraceStates, span.TraceState),
            StatusMessage = Text(source, SpanFields.StatusMessages, span.StatusMessage),
        });
    }

    /// <summary>Appends a scope, and its resource, unless the target has them already; for callers that copy whole columns of spans themselves.</summary>
    /// <returns>Its row in the target.</returns>
    public int CopyScope(SpanBatch source, int row)
    {
        Use(source);
        return Scope(source, row);
    }

    public void CopyAll(SpanBatch source)
    {
        for (var row = 0; row < source.SpanCount; row++)
            Copy(source, row);
    }

    /// <summary>Forgets the sources seen so far, so that they can be collected; what was copied stays known.</summary>
    public void ForgetSources()
    {
        _sources.Clear();
        _source = null;
        _codes = new SourceCodes(0, 0, 0, []);
    }

    void Use(SpanBatch source)
    {
        if (ReferenceEquals(source, _source))
            return;
        if (!_sources.TryGetValue(source, out var codes))
            _sources.Add(source, codes = new SourceCodes(source.Strings.Count, source.Resources.Count, source.Scopes.Count, KeysIn(source)));
        _source = source;
        _codes = codes;
    }

    int[] KeysIn(SpanBatch source)
    {
        var codes = new List<int>();
        foreach (var key in _projection.AttributeKeys)
        {
            if (source.Strings.TryFind(key, out var code))
                codes.Add(code);
        }

        return [.. codes];
    }

    int Text(SpanBatch source, SpanFields field, int code) => _projection.Has(field) ? Code(source, code) : 0;

    int Code(SpanBatch source, int code)
    {
        if (code == 0)
            return 0;
        ref var known = ref _codes.Strings[code];
        if (known == 0)
            known = target.Strings.Intern(source.Strings[code]);
        return known;
    }

    AnyValue Value(SpanBatch source, AnyValue value)
    {
        if (value.IsText)
            return value with { Bits = Code(source, value.Code) };
        if (!value.IsContainer)
            return value;
        var first = target.Nested.Append(value.NestedCount);
        for (var at = 0; at < value.NestedCount; at++)
        {
            var row = value.NestedStart + at;
            target.Nested.Set(first + at, Code(source, source.Nested.Keys[row]), Value(source, source.Nested.Values[row]));
        }

        return value.Kind == ValueKind.Array ? AnyValue.OfArray(first, value.NestedCount) : AnyValue.OfMap(first, value.NestedCount);
    }

    void CopyAttributes(SpanBatch source, RowRange rows, AttributeColumns from, AttributeColumns to)
    {
        var keys = from.Keys.Values;
        for (var row = rows.Start; row < rows.End; row++)
            to.Add(Code(source, keys[row]), Value(source, from.Values[row]));
    }

    void CopyProjected(SpanBatch source, RowRange rows)
    {
        var from = source.Spans.Attributes;
        var keys = from.Keys.Values;
        for (var row = rows.Start; row < rows.End; row++)
        {
            if (Array.IndexOf(_codes.Keys, keys[row]) >= 0)
                target.Spans.Attributes.Add(Code(source, keys[row]), Value(source, from.Values[row]));
        }
    }

    void CopyEvents(SpanBatch source, RowRange rows)
    {
        for (var row = rows.Start; row < rows.End; row++)
        {
            CopyAttributes(source, source.Events.Attributes[row], source.Events.Attributes, target.Events.Attributes);
            target.Events.Add(source.Events.Times[row], Code(source, source.Events.Names[row]), source.Events.DroppedAttributeCounts[row]);
        }
    }

    void CopyLinks(SpanBatch source, RowRange rows)
    {
        var links = source.Links;
        for (var row = rows.Start; row < rows.End; row++)
        {
            CopyAttributes(source, links.Attributes[row], links.Attributes, target.Links.Attributes);
            target.Links.Add(
                links.TraceIds[row], links.SpanIds[row], Code(source, links.TraceStates[row]), links.Flags[row], links.DroppedAttributeCounts[row]);
        }
    }

    // Scopes are copied, compared with those of equal hash, and taken back if one of them is the same.
    int Scope(SpanBatch source, int row)
    {
        ref var known = ref _codes.Scopes[row];
        if (known > 0)
            return known - 1;
        var scopes = source.Scopes;
        var resource = Resource(source, scopes.Resources[row]);
        var nestedCount = target.Nested.Count;
        CopyAttributes(source, scopes.Attributes[row], scopes.Attributes, target.Scopes.Attributes);
        var copy = target.Scopes.End(
            resource, Code(source, scopes.Names[row]), Code(source, scopes.Versions[row]), scopes.DroppedAttributeCounts[row],
            Code(source, scopes.SchemaUrls[row]));
        var hash = new HashCode();
        hash.Add(resource);
        hash.Add(target.Scopes.Names[copy]);
        hash.Add(target.Scopes.Versions[copy]);
        hash.Add(target.Scopes.SchemaUrls[copy]);
        hash.Add(target.Scopes.DroppedAttributeCounts[copy]);
        BatchHash.AddAttributes(ref hash, target, target.Scopes.Attributes, copy);
        var twins = Twins(_scopesByHash, hash.ToHashCode());
        var twin = FindTwin(twins, other => BatchEquality.SameScope(target, other, target, copy));
        if (twin >= 0)
        {
            target.Scopes.Truncate(copy);
            target.Nested.Truncate(nestedCount);
            copy = twins[twin];
        }
        else
        {
            twins.Add(copy);
        }

        known = copy + 1;
        return copy;
    }

    int Resource(SpanBatch source, int row)
    {
        ref var known = ref _codes.Resources[row];
        if (known == 0)
            known = CopyResource(source, row) + 1;
        return known - 1;
    }

    int CopyResource(SpanBatch source, int row)
    {
        var resources = source.Resources;
        var nestedCount = target.Nested.Count;
        CopyAttributes(source, resources.Attributes[row], resources.Attributes, target.Resources.Attributes);
        CopyEntities(source, resources.Entities[row]);
        var copy = target.Resources.End(resources.DroppedAttributeCounts[row], Code(source, resources.SchemaUrls[row]));
        var hash = new HashCode();
        hash.Add(target.Resources.SchemaUrls[copy]);
        hash.Add(target.Resources.DroppedAttributeCounts[copy]);
        BatchHash.AddAttributes(ref hash, target, target.Resources.Attributes, copy);
        HashEntities(ref hash, target.Resources.Entities[copy]);
        var twins = Twins(_resourcesByHash, hash.ToHashCode());
        var twin = FindTwin(twins, other => BatchEquality.SameResource(target, other, target, copy));
        if (twin < 0)
        {
            twins.Add(copy);
            return copy;
        }

        target.Resources.Truncate(copy);
        target.Nested.Truncate(nestedCount);
        return twins[twin];
    }

    void CopyEntities(SpanBatch source, RowRange rows)
    {
        var entities = source.Resources.Entities;
        for (var row = rows.Start; row < rows.End; row++)
        {
            target.Resources.Entities.Add(
                Code(source, entities.SchemaUrls[row]), Code(source, entities.Types[row]), Keys(entities.IdKeys(row)), Keys(entities.DescriptionKeys(row)));
        }

        int[] Keys(RowRange keys)
        {
            var codes = new int[keys.Count];
            for (var at = 0; at < codes.Length; at++)
                codes[at] = Code(source, entities.Keys[keys.Start + at]);
            return codes;
        }
    }

    void HashEntities(ref HashCode hash, RowRange rows)
    {
        var entities = target.Resources.Entities;
        for (var row = rows.Start; row < rows.End; row++)
        {
            hash.Add(entities.SchemaUrls[row]);
            hash.Add(entities.Types[row]);
            var (ids, descriptions) = (entities.IdKeys(row), entities.DescriptionKeys(row));
            hash.Add(ids.Count);
            hash.Add(descriptions.Count);
            for (var key = ids.Start; key < ids.End; key++)
                hash.Add(entities.Keys[key]);
            for (var key = descriptions.Start; key < descriptions.End; key++)
                hash.Add(entities.Keys[key]);
        }
    }

    int FindTwin(List<int> candidates, Predicate<int> isSame)
    {
        var found = candidates.FindIndex(isSame);
        ComparisonCount += found < 0 ? candidates.Count : found + 1;
        return found;
    }

    static List<int> Twins(Dictionary<int, List<int>> byHash, int hash)
    {
        if (!byHash.TryGetValue(hash, out var twins))
            byHash.Add(hash, twins = []);
        return twins;
    }

    /// <summary>What a source's codes are in the target: strings 0 until known, resources and scopes one more than their row.</summary>
    sealed class SourceCodes(int stringCount, int resourceCount, int scopeCount, int[] keys)
    {
        /// <summary>The keys of attributes that are copied, in the source, where not all of them are.</summary>
        public readonly int[] Keys = keys;
        public readonly int[] Strings = new int[stringCount];
        public readonly int[] Resources = new int[resourceCount];
        public readonly int[] Scopes = new int[scopeCount];
    }
}
