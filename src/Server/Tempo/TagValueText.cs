using System.Globalization;
using Clew.Model;
using Clew.TraceQL;
using ValueType = Clew.TraceQL.ValueType;

namespace Clew.Server.Tempo;

/// <summary>Values of TraceQL as Tempo tells them to clients.</summary>
internal static class TagValueText
{
    /// <summary>For what has no type of its own in OTLP: a duration as Go writes it, the name of a status or kind, <c>nil</c>.</summary>
    public static string Of(Value value) => value.Type switch
    {
        ValueType.Text => value.Text,
        ValueType.Int => value.Int.ToString(CultureInfo.InvariantCulture),
        ValueType.Float => Model.ValueText.FormatDouble(value.Number),
        ValueType.Bool => value.IsTrue ? "true" : "false",
        ValueType.Duration => GoDuration.Format(value.Int),
        _ => value.ToString(),
    };

    /// <summary>What kind of value an editor deals with.</summary>
    public static string TypeOf(Value value) => value.Type switch
    {
        ValueType.Int => "int",
        ValueType.Float => "float",
        ValueType.Bool => "bool",
        ValueType.Duration => "duration",
        ValueType.Status or ValueType.Kind => "keyword",
        _ => "string",
    };
}
