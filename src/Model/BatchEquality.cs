namespace Clew.Model;

/// <summary>Compares by content what two batches may have numbered differently.</summary>
public static class BatchEquality
{
    /// <summary>Whether two values are the same, to the last bit of a double and the order of a map.</summary>
    public static bool SameValue(SpanBatch left, AnyValue leftValue, SpanBatch right, AnyValue rightValue)
    {
        if (leftValue.Kind != rightValue.Kind)
            return false;
        if (leftValue.IsText)
            return SameString(left, leftValue.Code, right, rightValue.Code);
        if (!leftValue.IsContainer)
            return leftValue.Bits == rightValue.Bits;
        if (leftValue.NestedCount != rightValue.NestedCount)
            return false;
        for (var at = 0; at < leftValue.NestedCount; at++)
        {
            int leftRow = leftValue.NestedStart + at, rightRow = rightValue.NestedStart + at;
            if (!SameString(left, left.Nested.Keys[leftRow], right, right.Nested.Keys[rightRow])
                || !SameValue(left, left.Nested.Values[leftRow], right, right.Nested.Values[rightRow]))
                return false;
        }

        return true;
    }

    public static bool SameString(SpanBatch left, int leftCode, SpanBatch right, int rightCode) =>
        ReferenceEquals(left, right) && leftCode == rightCode || left.Strings[leftCode].SequenceEqual(right.Strings[rightCode]);

    /// <summary>Whether two owners have the same attributes in the same order.</summary>
    public static bool SameAttributes(
        SpanBatch left, AttributeColumns leftColumns, int leftOwner, SpanBatch right, AttributeColumns rightColumns, int rightOwner)
    {
        RowRange leftRows = leftColumns[leftOwner], rightRows = rightColumns[rightOwner];
        if (leftRows.Count != rightRows.Count)
            return false;
        for (var at = 0; at < leftRows.Count; at++)
        {
            int leftRow = leftRows.Start + at, rightRow = rightRows.Start + at;
            if (!SameString(left, leftColumns.Keys[leftRow], right, rightColumns.Keys[rightRow])
                || !SameValue(left, leftColumns.Values[leftRow], right, rightColumns.Values[rightRow]))
                return false;
        }

        return true;
    }

    public static bool SameResource(SpanBatch left, int leftRow, SpanBatch right, int rightRow)
    {
        if (ReferenceEquals(left, right) && leftRow == rightRow)
            return true;
        ResourceColumns leftResources = left.Resources, rightResources = right.Resources;
        return leftResources.DroppedAttributeCounts[leftRow] == rightResources.DroppedAttributeCounts[rightRow]
            && SameString(left, leftResources.SchemaUrls[leftRow], right, rightResources.SchemaUrls[rightRow])
            && SameAttributes(left, leftResources.Attributes, leftRow, right, rightResources.Attributes, rightRow)
            && SameEntities(left, leftResources.Entities[leftRow], right, rightResources.Entities[rightRow]);
    }

    /// <summary>Whether two scopes are the same, their resources included.</summary>
    public static bool SameScope(SpanBatch left, int leftRow, SpanBatch right, int rightRow)
    {
        ScopeColumns leftScopes = left.Scopes, rightScopes = right.Scopes;
        return leftScopes.DroppedAttributeCounts[leftRow] == rightScopes.DroppedAttributeCounts[rightRow]
            && SameString(left, leftScopes.Names[leftRow], right, rightScopes.Names[rightRow])
            && SameString(left, leftScopes.Versions[leftRow], right, rightScopes.Versions[rightRow])
            && SameString(left, leftScopes.SchemaUrls[leftRow], right, rightScopes.SchemaUrls[rightRow])
            && SameAttributes(left, leftScopes.Attributes, leftRow, right, rightScopes.Attributes, rightRow)
            && SameResource(left, leftScopes.Resources[leftRow], right, rightScopes.Resources[rightRow]);
    }

    /// <summary>Whether two spans are the same in everything OTLP can say about them: a request that was sent twice.</summary>
    public static bool SameSpan(SpanBatch left, int leftRow, SpanBatch right, int rightRow)
    {
        SpanRow leftSpan = left.Spans[leftRow], rightSpan = right.Spans[rightRow];
        return SameScalars(leftSpan, rightSpan)
            && SameString(left, leftSpan.Name, right, rightSpan.Name)
            && SameString(left, leftSpan.TraceState, right, rightSpan.TraceState)
            && SameString(left, leftSpan.StatusMessage, right, rightSpan.StatusMessage)
            && SameAttributes(left, left.Spans.Attributes, leftRow, right, right.Spans.Attributes, rightRow)
            && SameEvents(left, left.Events[leftRow], right, right.Events[rightRow])
            && SameLinks(left, left.Links[leftRow], right, right.Links[rightRow])
            && SameScope(left, leftSpan.Scope, right, rightSpan.Scope);
    }

    // Codes differ between batches; everything else of a row compares as it stands.
    static bool SameScalars(SpanRow left, SpanRow right) =>
        left with { Scope = 0, Name = 0, TraceState = 0, StatusMessage = 0 } == right with { Scope = 0, Name = 0, TraceState = 0, StatusMessage = 0 };

    static bool SameEvents(SpanBatch left, RowRange leftRows, SpanBatch right, RowRange rightRows)
    {
        if (leftRows.Count != rightRows.Count)
            return false;
        for (var at = 0; at < leftRows.Count; at++)
        {
            int leftRow = leftRows.Start + at, rightRow = rightRows.Start + at;
            if (left.Events.Times[leftRow] != right.Events.Times[rightRow]
                || left.Events.DroppedAttributeCounts[leftRow] != right.Events.DroppedAttributeCounts[rightRow]
                || !SameString(left, left.Events.Names[leftRow], right, right.Events.Names[rightRow])
                || !SameAttributes(left, left.Events.Attributes, leftRow, right, right.Events.Attributes, rightRow))
                return false;
        }

        return true;
    }

    static bool SameLinks(SpanBatch left, RowRange leftRows, SpanBatch right, RowRange rightRows)
    {
        if (leftRows.Count != rightRows.Count)
            return false;
        for (var at = 0; at < leftRows.Count; at++)
        {
            int leftRow = leftRows.Start + at, rightRow = rightRows.Start + at;
            if (left.Links.TraceIds[leftRow] != right.Links.TraceIds[rightRow]
                || left.Links.SpanIds[leftRow] != right.Links.SpanIds[rightRow]
                || left.Links.Flags[leftRow] != right.Links.Flags[rightRow]
                || left.Links.DroppedAttributeCounts[leftRow] != right.Links.DroppedAttributeCounts[rightRow]
                || !SameString(left, left.Links.TraceStates[leftRow], right, right.Links.TraceStates[rightRow])
                || !SameAttributes(left, left.Links.Attributes, leftRow, right, right.Links.Attributes, rightRow))
                return false;
        }

        return true;
    }

    static bool SameEntities(SpanBatch left, RowRange leftRows, SpanBatch right, RowRange rightRows)
    {
        if (leftRows.Count != rightRows.Count)
            return false;
        EntityColumns leftEntities = left.Resources.Entities, rightEntities = right.Resources.Entities;
        for (var at = 0; at < leftRows.Count; at++)
        {
            int leftRow = leftRows.Start + at, rightRow = rightRows.Start + at;
            if (!SameString(left, leftEntities.Types[leftRow], right, rightEntities.Types[rightRow])
                || !SameString(left, leftEntities.SchemaUrls[leftRow], right, rightEntities.SchemaUrls[rightRow])
                || !SameKeys(left, leftEntities.IdKeys(leftRow), right, rightEntities.IdKeys(rightRow))
                || !SameKeys(left, leftEntities.DescriptionKeys(leftRow), right, rightEntities.DescriptionKeys(rightRow)))
                return false;
        }

        return true;
    }

    static bool SameKeys(SpanBatch left, RowRange leftRows, SpanBatch right, RowRange rightRows)
    {
        if (leftRows.Count != rightRows.Count)
            return false;
        for (var at = 0; at < leftRows.Count; at++)
        {
            if (!SameString(left, left.Resources.Entities.Keys[leftRows.Start + at], right, right.Resources.Entities.Keys[rightRows.Start + at]))
                return false;
        }

        return true;
    }
}
