using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL;

/// <summary>A value of the language. <c>ToString</c> is its canonical text.</summary>
public readonly record struct Value
{
    readonly long _bits;
    readonly object? _content;

    Value(ValueType type, long bits, object? content = null) => (Type, _bits, _content) = (type, bits, content);

    public static Value Nil => default;

    public static Value OfInt(long value) => new(ValueType.Int, value);

    public static Value OfFloat(double value) => new(ValueType.Float, BitConverter.DoubleToInt64Bits(value));

    public static Value OfDuration(long nanos) => new(ValueType.Duration, nanos);

    public static Value OfText(string text) => new(ValueType.Text, 0, text);

    public static Value OfBool(bool value) => new(ValueType.Bool, value ? 1 : 0);

    public static Value OfStatus(StatusCode status) => new(ValueType.Status, (long)status);

    public static Value OfKind(SpanKind kind) => new(ValueType.Kind, (long)kind);

    public static Value OfArray(ImmutableArray<Value> elements) => new(ValueType.Array, 0, elements);

    public ValueType Type { get; }

    public bool IsNil => Type == ValueType.Nil;

    public bool IsNumber => Type is ValueType.Int or ValueType.Float or ValueType.Duration;

    public bool IsTrue => Type == ValueType.Bool && _bits != 0;

    /// <summary>Of an Int, or of a Duration its nanoseconds.</summary>
    public long Int => _bits;

    /// <summary>Of any number; a Duration's nanoseconds.</summary>
    public double Number => Type == ValueType.Float ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    public string Text => (string?)_content ?? "";

    public StatusCode Status => (StatusCode)_bits;

    public SpanKind Kind => (SpanKind)_bits;

    public ImmutableArray<Value> Elements => Type == ValueType.Array ? (ImmutableArray<Value>)_content! : [];

    /// <summary>The same type and content; arrays element by element.</summary>
    public bool Equals(Value other) => Type == other.Type && _bits == other._bits
        && (Type == ValueType.Array ? Elements.SequenceEqual(other.Elements) : Equals(_content, other._content));

    public override int GetHashCode() => Type == ValueType.Array
        ? Elements.Aggregate((int)Type, HashCode.Combine)
        : HashCode.Combine(Type, _bits, _content);

    public override string ToString() => CanonicalText.Of(this);
}
