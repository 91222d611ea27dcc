using Clew.Model;

namespace Clew.Otlp.Protobuf;

/// <summary>Walks the elements of an array or map, over all the occurrences that protobuf merges into one: <c>values</c> in every <c>array_value</c> (or
/// <c>kvlist_value</c>) of the last run, in every <c>value</c> of the <c>KeyValue</c>.</summary>
internal ref struct ElementReader
{
    readonly uint _tag;
    readonly int _runStart;
    readonly int _nestingMax;

    /// <param name="source">The <c>KeyValue</c>, or else the <c>AnyValue</c>, from its start.</param>
    public ElementReader(ProtoReader source, bool isKeyValue, ValueKind kind, int runStart, int nestingMax)
    {
        _tag = kind == ValueKind.Array ? AnyValueField.ArrayValue : AnyValueField.KvlistValue;
        _runStart = runStart;
        _nestingMax = nestingMax;
        IsKeyValue = isKeyValue;
        if (isKeyValue)
            KeyValue = source;
        else
            Value = source;
    }

    public readonly bool IsKeyValue { get; }

    public ProtoReader KeyValue;
    public ProtoReader Value;
    public ProtoReader Container;

    public readonly bool IsSound => Container.IsSound && Value.IsSound && KeyValue.IsSound;

    /// <summary>Where the container at hand starts.</summary>
    public readonly int Start => _runStart;

    public bool Next(out ProtoReader element)
    {
        do
        {
            while (Container.Next())
            {
                if (Container.Tag == ContainerField.Values)
                {
                    element = Container.Message();
                    return Container.IsSound;
                }

                Container.Skip(_nestingMax);
            }
        }
        while (Container.IsSound && NextContainer());

        element = default;
        return false;
    }

    // The occurrences were walked before and are sound; only the containers' insides are new ground.
    bool NextContainer()
    {
        do
        {
            while (Value.Next())
            {
                if (Value.Tag == _tag && Value.FieldStart >= _runStart)
                {
                    Container = Value.Message();
                    return true;
                }

                Value.Skip(_nestingMax);
            }
        }
        while (NextValue());

        return false;
    }

    bool NextValue()
    {
        while (KeyValue.Next())
        {
            if (KeyValue.Tag == KeyValueField.Value)
            {
                Value = KeyValue.Message();
                return true;
            }

            KeyValue.Skip(_nestingMax);
        }

        return false;
    }
}
