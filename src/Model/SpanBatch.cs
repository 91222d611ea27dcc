using System.Collections.Concurrent;

namespace Clew.Model;

/// <summary>Spans that arrived, are stored, or are answered together: columnar from the wire to the disk and back, with no object per span.</summary>
/// <remarks>
/// <para>Strings are codes of <see cref="Strings"/>; a span names its scope, a scope its resource; attributes, events and links hang on their owners by
/// offsets. Everything OTLP can say about a span is here, so that encoding a batch gives back what was decoded.</para>
/// <para>Written by one thread, span by span: resources, then their scopes, then per span its attributes, events and links followed by <see cref="EndSpan"/>.
/// Never changed once it was handed to a store; from then on any number of threads may read it.</para>
/// <para><see cref="Rent"/> and <see cref="Release"/> let batches use each other's memory.</para>
/// </remarks>
public sealed class SpanBatch
{
    // As many as the head of a busy store holds, about; an empty one takes 4 KB.
    const int ShellsMax = 2_048;

    static readonly ConcurrentStack<SpanBatch> Shells = new();
    static int _shellCount;

    readonly bool _isPooled;
    int _isReleased;

    public SpanBatch()
        : this(isPooled: false)
    {
    }

    /// <summary>A batch over tables that it shares with others: the row groups of a block, for one, have their strings and scopes in common.</summary>
    /// <remarks>Only to be read: a writer that adds to a shared table, or clears it, does so for all who share it.</remarks>
    public SpanBatch(StringTable strings, ResourceColumns resources, ScopeColumns scopes)
    {
        Strings = strings;
        Resources = resources;
        Scopes = scopes;
        (Spans, Events, Links, Nested) = (new SpanColumns(), new EventColumns(), new LinkColumns(), new NestedColumns());
    }

    SpanBatch(bool isPooled)
    {
        _isPooled = isPooled;
        Strings = new StringTable(isPooled);
        Resources = new ResourceColumns(isPooled);
        Scopes = new ScopeColumns(isPooled);
        Spans = new SpanColumns(isPooled);
        Events = new EventColumns(isPooled);
        Links = new LinkColumns(isPooled);
        Nested = new NestedColumns(isPooled);
    }

    /// <summary>An empty batch in the memory of released ones. Whoever has it last calls <see cref="Release"/>; forgetting to only costs the memory's reuse.</summary>
    public static SpanBatch Rent()
    {
        if (!Shells.TryPop(out var batch))
            return new SpanBatch(isPooled: true);
        Interlocked.Decrement(ref _shellCount);
        Volatile.Write(ref batch._isReleased, 0);
        return batch;
    }

    public StringTable Strings { get; }
    public ResourceColumns Resources { get; }
    public ScopeColumns Scopes { get; }
    public SpanColumns Spans { get; }
    public EventColumns Events { get; }
    public LinkColumns Links { get; }

    /// <summary>What the Array and Map values of all attributes contain.</summary>
    public NestedColumns Nested { get; }

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

    /// <summary>Gives back the memory that a rented batch has and does not need. Its content stays; other batches are left as they are.</summary>
    public void Trim()
    {
        if (!_isPooled)
            return;
        Strings.Trim();
        Resources.Trim();
        Scopes.Trim();
        Spans.Trim();
        Events.Trim();
        Links.Trim();
        Nested.Trim();
    }

    /// <summary>Gives back a rented batch with all its memory: no one may look at it, or at a span of one of its columns, any more. Other batches are left as they are.</summary>
    /// <exception cref="InvalidOperationException">It was released before.</exception>
    public void Release()
    {
        if (!_isPooled)
            return;
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            throw new InvalidOperationException("The batch was released before: someone else may be using its memory.");
        Strings.Release();
        Resources.Release();
        Scopes.Release();
        Spans.Release();
        Events.Release();
        Links.Release();
        Nested.Release();
        if (Interlocked.Increment(ref _shellCount) <= ShellsMax)
            Shells.Push(this);
        else
            Interlocked.Decrement(ref _shellCount);
    }
}
