using System.Text;
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
        // A name that is not UTF-8 is stored as it came, and listed with what stands for the bytes that are not.
        SpanCondition.NameMatches name => operation.Name.Contains('\uFFFD', StringComparison.Ordinal) ? null : name.Test.Holds(Encoding.UTF8.GetBytes(operation.Name)),
        SpanCondition.AllOf all => DecideAll(all, operation),
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

    static bool? DecideAll(SpanCondition.AllOf all, ServiceOperation operation)
    {
        bool? decided = true;
        foreach (var condition in all.Conditions)
        {
            switch (Decide(condition, operation))
            {
                case false: return false;
                case null: decided = null; break;
                default: break;
            }
        }

        return decided;
    }
}
