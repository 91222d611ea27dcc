using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>What a block's list of operations says of a condition: true for all spans of an operation, false for none, or null: look.</summary>
internal static class ConditionBounds
{
    /// <summary>Whether spans of this operation can meet all conditions.</summary>
    public static bool CanMatch(SpanSelection selection, ServiceOperation operation)
    {
        foreach (var condition in selection.Conditions)
        {
            if (Decide(condition, operation) == false)
                return false;
        }

        return true;
    }

    static bool? Decide(SpanCondition condition, ServiceOperation operation) => condition switch
    {
        SpanCondition.ServiceIs service => service.Name == operation.Service,
        SpanCondition.NameIs name => name.Name == operation.Name,
        SpanCondition.KindIs kind => kind.Kind == operation.Kind,
        SpanCondition.Not not => !Decide(not.Condition, operation),
        SpanCondition.AnyOf any => DecideAny(any, operation),
        _ => null,
    };

    static bool? DecideAny(SpanCondition.AnyOf any, ServiceOperation operation)
    {
        bool? decided = false;
        foreach (var condition in any.Conditions)
        {
            switch (Decide(condition, operation))
            {
                case true: return true;
                case null: decided = null; break;
                default: break;
            }
        }

        return decided;
    }
}
