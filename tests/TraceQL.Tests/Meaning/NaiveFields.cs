using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Works field expressions out as the language is told, straight down the tree, with no thought of speed.</summary>
static class NaiveFields
{
    public static bool Holds(FieldExpression expression, PlainSpan span, PlainTrace trace) => Of(expression, span, trace) is true;

    public static object? Of(FieldExpression expression, PlainSpan span, PlainTrace trace) => expression switch
    {
        FieldExpression.Constant constant => PlainValues.Of(constant.Value),
        FieldExpression.Attribute attribute => Of(attribute, span),
        FieldExpression.Field field => Of(field.Intrinsic, span, trace),
        FieldExpression.Not not => Of(not.Operand, span, trace) is bool truth ? !truth : null,
        FieldExpression.Negate negate => Of(negate.Operand, span, trace) switch
        {
            long number => unchecked(-number),
            double number => -number,
            Nanos nanos => new Nanos(unchecked(-nanos.Count)),
            _ => null,
        },
        FieldExpression.Binary binary => Of(binary, span, trace),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    static object? Of(FieldExpression.Attribute attribute, PlainSpan span) => attribute.Scope switch
    {
        AttributeScope.None => PlainValues.Find(span.Attributes, attribute.Name) ?? PlainValues.Find(span.Scope.Resource, attribute.Name),
        AttributeScope.Span => PlainValues.Find(span.Attributes, attribute.Name),
        AttributeScope.Resource => PlainValues.Find(span.Scope.Resource, attribute.Name),
        AttributeScope.Instrumentation => PlainValues.Find(span.Scope.Attributes, attribute.Name),
        AttributeScope.Event => Several(span.Events.Select(one => PlainValues.Find(one.Attributes, attribute.Name))),
        AttributeScope.Link => Several(span.Links.Select(link => PlainValues.Find(link.Attributes, attribute.Name))),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
    };

    static object? Of(Intrinsic intrinsic, PlainSpan span, PlainTrace trace) => intrinsic switch
    {
        Intrinsic.Duration => Duration(span.Start, span.End),
        Intrinsic.Name => span.Name,
        Intrinsic.Status => span.Status,
        Intrinsic.StatusMessage => span.Message,
        Intrinsic.Kind => span.Kind,
        Intrinsic.SpanId => new SpanId(span.Id).ToString(),
        Intrinsic.ParentId => span.Parent == 0 ? "" : new SpanId(span.Parent).ToString(),
        Intrinsic.TraceId => span.Trace.ToString(),
        Intrinsic.ChildCount => (long)trace.ChildrenOf(span).Count(),
        Intrinsic.TraceDuration => Duration(trace.Start, trace.End),
        Intrinsic.RootName => trace.Root?.Name,
        Intrinsic.RootServiceName => trace.Root is { } root ? Service(root) : null,
        Intrinsic.EventName => Several(span.Events.Select(one => one.Name)),
        Intrinsic.EventTimeSinceStart => Several(span.Events.Select(one => (object)new Nanos((long)one.Time - (long)span.Start))),
        Intrinsic.LinkTraceId => Several(span.Links.Select(link => link.Trace.ToString())),
        Intrinsic.LinkSpanId => Several(span.Links.Select(link => new SpanId(link.Span).ToString())),
        Intrinsic.InstrumentationName => span.Scope.Name,
        Intrinsic.InstrumentationVersion => span.Scope.Version,
        Intrinsic.NestedSetLeft => (long)trace.NumbersOf(span).Left,
        Intrinsic.NestedSetRight => (long)trace.NumbersOf(span).Right,
        Intrinsic.NestedSetParent => !trace.HasPlace(span) ? 0L : trace.ParentOf(span) is { } parent ? trace.NumbersOf(parent).Left : -1L,
        _ => throw new ArgumentOutOfRangeException(nameof(intrinsic)),
    };

    public static string Service(PlainSpan span)
    {
        var stated = span.Scope.Resource.Where(attribute => attribute.Key == "service.name").ToArray();
        return stated is [] ? "missing-service-name" : stated[0].Value switch
        {
            "" => "empty-service-name",
            string name => name,
            _ => "service-name-wrong-type",
        };
    }

    static Nanos Duration(ulong start, ulong end) => new(end > start ? (long)(end - start) : 0);

    static List<object>? Several(IEnumerable<object?> values)
    {
        var some = values.Where(value => value is not null).ToArray();
        return some.Length == 0 ? null : [.. some.SelectMany(value => value as List<object> ?? [value!])];
    }

    static object? Of(FieldExpression.Binary binary, PlainSpan span, PlainTrace trace)
    {
        var (left, right) = (Of(binary.Left, span, trace), Of(binary.Right, span, trace));
        var (leftIsNil, rightIsNil) = (IsNilKeyword(binary.Left), IsNilKeyword(binary.Right));
        return binary.Operator switch
        {
            BinaryOperator.And => left is true && right is true,
            BinaryOperator.Or => left is true || right is true,
            BinaryOperator.Equal when leftIsNil != rightIsNil => (leftIsNil ? right : left) is null,
            BinaryOperator.NotEqual when leftIsNil != rightIsNil => (leftIsNil ? right : left) is not null,
            <= BinaryOperator.NotLike => left is not null && right is not null && Compare(binary.Operator, left, right, binary),
            _ => Calculate(binary.Operator, left, right),
        };
    }

    static bool IsNilKeyword(FieldExpression expression) => expression is FieldExpression.Constant { Value.IsNil: true };

    static bool Compare(BinaryOperator comparison, object left, object right, FieldExpression.Binary binary)
    {
        if (left is List<object> lefts && right is List<object> rights)
        {
            var areEqual = lefts.Count == rights.Count && lefts.Zip(rights).All(pair => CompareOne(BinaryOperator.Equal, pair.First, pair.Second, binary));
            var canDiffer = lefts is [] || rights is [] || lefts[0].GetType() == rights[0].GetType() || (PlainValues.NumberOf(lefts[0]) is not null && PlainValues.NumberOf(rights[0]) is not null);
            return comparison == BinaryOperator.Equal ? areEqual : comparison == BinaryOperator.NotEqual && canDiffer && !areEqual;
        }

        var pairs = left is List<object> some ? some.Select(one => (one, right)) : right is List<object> others ? others.Select(one => (left, one)) : [(left, right)];
        return comparison is BinaryOperator.NotEqual or BinaryOperator.NotLike
            ? pairs.All(pair => CompareOne(comparison, pair.Item1, pair.Item2, binary))
            : pairs.Any(pair => CompareOne(comparison, pair.Item1, pair.Item2, binary));
    }

    static bool CompareOne(BinaryOperator comparison, object left, object right, FieldExpression.Binary binary)
    {
        if (comparison is BinaryOperator.Like or BinaryOperator.NotLike)
            return left is string text && Matches(((FieldExpression.Constant)binary.Right).Value.Text, text) == (comparison == BinaryOperator.Like);
        if (left is string l && right is string r)
            return Orders(comparison, Utf8(l, binary.Left, binary.Right).AsSpan().SequenceCompareTo(Utf8(r, binary.Right, binary.Left)));
        if (left is double || right is double)
        {
            return PlainValues.NumberOf(left) is { } a && PlainValues.NumberOf(right) is { } b && comparison switch
            {
                BinaryOperator.Equal => a == b,
                BinaryOperator.NotEqual => a != b && !double.IsNaN(a) && !double.IsNaN(b),
                BinaryOperator.Less => a < b,
                BinaryOperator.LessOrEqual => a <= b,
                BinaryOperator.Greater => a > b,
                _ => a >= b,
            };
        }

        if (left is long or Nanos && right is long or Nanos)
            return Orders(comparison, Whole(left).CompareTo(Whole(right)));
        return left.GetType() == right.GetType() && comparison switch
        {
            BinaryOperator.Equal => left.Equals(right),
            BinaryOperator.NotEqual => !left.Equals(right),
            _ => false,
        };
    }

    // An id that is written in the query may lack its leading zeros.
    static byte[] Utf8(string text, FieldExpression own, FieldExpression other)
    {
        var digits = (own, other) switch
        {
            (FieldExpression.Constant, FieldExpression.Field { Intrinsic: Intrinsic.SpanId or Intrinsic.ParentId or Intrinsic.LinkSpanId }) => 16,
            (FieldExpression.Constant, FieldExpression.Field { Intrinsic: Intrinsic.TraceId or Intrinsic.LinkTraceId }) => 32,
            _ => 0,
        };
        var isId = text.Length > 0 && text.Length <= digits && text.All(char.IsAsciiHexDigit);
        return Encoding.UTF8.GetBytes(isId ? text.ToLowerInvariant().PadLeft(digits, '0') : text);
    }

    static bool Matches(string pattern, string text) => Re2Pattern.TryCompile(pattern, out var regex, out _) && new Regex(regex.ToString(), regex.Options, TimeSpan.FromMinutes(1)).IsMatch(text);

    static long Whole(object value) => value is Nanos nanos ? nanos.Count : (long)value;

    static bool Orders(BinaryOperator comparison, int order) => comparison switch
    {
        BinaryOperator.Equal => order == 0,
        BinaryOperator.NotEqual => order != 0,
        BinaryOperator.Less => order < 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.Greater => order > 0,
        _ => order >= 0,
    };

    static object? Calculate(BinaryOperator calculation, object? left, object? right)
    {
        if (PlainValues.NumberOf(left) is not { } a || PlainValues.NumberOf(right) is not { } b)
            return null;
        if (left is long x && right is long y)
            return CalculateWhole(calculation, x, y);
        return calculation switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Divide => a / b,
            BinaryOperator.Modulo => a % b,
            _ => Math.Pow(a, b),
        };
    }

    static long? CalculateWhole(BinaryOperator calculation, Int128 x, Int128 y) => calculation switch
    {
        BinaryOperator.Add => unchecked((long)(x + y)),
        BinaryOperator.Subtract => unchecked((long)(x - y)),
        BinaryOperator.Multiply => unchecked((long)(x * y)),
        BinaryOperator.Divide => y == 0 ? null : unchecked((long)(x / y)),
        BinaryOperator.Modulo => y == 0 ? null : unchecked((long)(x % y)),
        _ => Power((long)x, (long)y),
    };

    static long? Power(long number, long exponent)
    {
        if (exponent < 0)
            return number == 0 ? null : (long)Math.Truncate(Math.Pow(number, exponent));
        var whole = BigInteger.One << 64;
        return unchecked((long)(ulong)((BigInteger.ModPow(number, exponent, whole) + whole) % whole));
    }
}
