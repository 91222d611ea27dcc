using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>What the language makes of C# values: null, long, double, <see cref="Nanos"/>, string, bool, status, kind, or a list of them.</summary>
static class PlainValues
{
    public static object? Of(object? attribute) => attribute switch
    {
        string or bool or double or long => attribute,
        int number => (long)number,
        object?[] elements => OfArray([.. elements.Select(Of)]),
        _ => null,
    };

    public static object? Find((string Key, object? Value)[] attributes, string key)
    {
        foreach (var (name, value) in attributes)
        {
            if (name == key)
                return Of(value);
        }

        return null;
    }

    public static object? Of(Value value) => value.Type switch
    {
        ValueType.Int => value.Int,
        ValueType.Float => value.Number,
        ValueType.Duration => new Nanos(value.Int),
        ValueType.Text => value.Text,
        ValueType.Bool => value.IsTrue,
        ValueType.Status => value.Status,
        ValueType.Kind => value.Kind,
        _ => null,
    };

    public static Value ToValue(object? value) => value switch
    {
        null => Value.Nil,
        long number => Value.OfInt(number),
        double number => Value.OfFloat(number),
        Nanos nanos => Value.OfDuration(nanos.Count),
        string text => Value.OfText(text),
        bool truth => Value.OfBool(truth),
        StatusCode status => Value.OfStatus(status),
        SpanKind kind => Value.OfKind(kind),
        List<object> list => Value.OfArray([.. list.Select(ToValue)]),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "Not a value of the language."),
    };

    public static double? NumberOf(object? value) => value switch
    {
        long number => number,
        double number => number,
        Nanos nanos => nanos.Count,
        _ => null,
    };

    // An array of several types, or of what has none, cannot be asked for.
    static List<object>? OfArray(object?[] elements) =>
        elements.All(element => element is not (null or List<object>) && element.GetType() == elements[0]!.GetType()) ? [.. elements.Select(element => element!)] : null;
}
