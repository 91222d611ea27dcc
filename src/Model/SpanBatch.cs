namespace Clew.Model;

/// <summary>Spans that arrived, are stored, or are answered together: columnar from the wire to the disk and back, with no object per span.</summary>
/// <remarks>
/// <para>Strings are codes of <see cref="Strings"/>; a span names its scope, a scope its resource; attributes, events and links hang on their owners by
/// offsets. Everything OTLP can say about a span is here, so that encoding a batch gives back what was decoded.</para>
/// <para>Written by one thread, span by span: resources, then their scopes, then per span its attributes, events and links followed by <see cref="EndSpan"/>.
/// Never changed once it was handed to a store; from then on any number of threads may read it.</para>
/// </remarks>
public sealed class SpanBatch
{
    public SpanBatch()
        : this(new StringTable(), new ResourceColumns(), new ScopeColumns())
    {
    }

    /// <summary>A batch over tables that it shares with others: the row groups of a block, for one, have their strings and scopes in common.</summary>
    /// <remarks>Only to be read: a writer that adds to a shared table, or clears it, does so for all who share it.</remarks>
    public SpanBatch(StringTable strings, ResourceColumns resources, ScopeColumns scopes)
    {
        Strings = strings;
        Resources = resources;
        Scopes = scopes;
    }

    public StringTable Strings { get; }
    public ResourceColumns Resources { get; }
    public ScopeColumns Scopes { get; }
    public SpanColumns Spans { get; } = new();
    public EventColumns Events { get; } = new();
    public LinkColumns Links { get; } = new();

    /// <summary>What the Array and Map values of all attributes contain.</summary>
    public NestedColumns Nested { get; } = new();

    public int SpanCount => Spans.Count;

    /// <summary>Completes a span: the attributes, events and links added since the last one are its own.</summary>
    /// <returns>Its row.</returns>
    public int EndSpan(in SpanRow span)
    {
        Spans.Add(span);
        Events.Ends.Add(Events.Count);
        Links.Ends.Add(Links.Count);
        return SpanCount - 1;
    }

    /// <summary>Makes room for <paramref name="spanCount"/> more spans, so that a batch of known size grows once and wastes nothing.</summary>
    public void Reserve(int spanCount)
    {
        var total = checked(SpanCount + spanCount);
        Spans.Reserve(total);
        Events.Ends.Reserve(total);
        Links.Ends.Reserve(total);
    }

    /// <summary>Forgets the span under construction: its attributes, events, links and nested values from <paramref name="nestedCount"/> on.</summary>
    /// <remarks>Strings it brought stay in the table: a code without a use costs some bytes and means nothing.</remarks>
    public void DiscardSpan(int nestedCount)
    {
        Spans.Attributes.TruncateOwners(SpanCount);
        Events.TruncateSpans(SpanCount);
        Links.TruncateSpans(SpanCount);
        Nested.Truncate(nestedCount);
    }

    /// <summary>The row of the resource that emitted a span.</summary>
    public int ResourceOf(int span) => Scopes.Resources[Spans.Scopes[span]];

    /// <summary>Forgets the spans and what hangs on them, and the nested values from <paramref name="nestedCount"/> on; strings, resources and scopes stay.</summary>
    public void ClearSpans(int nestedCount)
    {
        Spans.Truncate(0);
        Events.TruncateSpans(0);
        Links.TruncateSpans(0);
        Nested.Truncate(nestedCount);
    }

    /// <summary>Empties the batch for reuse; its memory stays.</summary>
    public void Clear()
    {
        Strings.Clear();
        Resources.Truncate(0);
        Scopes.Truncate(0);
        Spans.Truncate(0);
        Events.TruncateSpans(0);
        Links.TruncateSpans(0);
        Nested.Clear();
    }
}
