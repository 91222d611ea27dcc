namespace Clew.TraceQL.Syntax;

/// <summary>How tightly operators bind, and how they are written. The higher, the tighter.</summary>
static class BinaryOperators
{
    public const int Loosest = 1;
    public const int Comparing = 2;
    public const int Adding = 3;

    /// <summary>Of <c>!</c>: <c>!.a = .b</c> is <c>(!.a) = .b</c>, and <c>!.a * .b</c> is <c>!(.a * .b)</c>.</summary>
    public const int Inverting = 4;
    public const int Multiplying = 5;
    public const int Raising = 6;

    public static bool TryFind(TokenKind token, out BinaryOperator found)
    {
        found = token switch
        {
            TokenKind.Or => BinaryOperator.Or,
            TokenKind.And => BinaryOperator.And,
            TokenKind.Equal => BinaryOperator.Equal,
            TokenKind.NotEqual => BinaryOperator.NotEqual,
            TokenKind.Less => BinaryOperator.Less,
            TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
            TokenKind.Greater => BinaryOperator.Greater,
            TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
            TokenKind.Like => BinaryOperator.Like,
            TokenKind.NotLike => BinaryOperator.NotLike,
            TokenKind.Add => BinaryOperator.Add,
            TokenKind.Subtract => BinaryOperator.Subtract,
            TokenKind.Multiply => BinaryOperator.Multiply,
            TokenKind.Divide => BinaryOperator.Divide,
            TokenKind.Modulo => BinaryOperator.Modulo,
            TokenKind.Power => BinaryOperator.Power,
            _ => (BinaryOperator)byte.MaxValue,
        };
        return found <= BinaryOperator.Power;
    }

    public static int PrecedenceOf(BinaryOperator binary) => binary switch
    {
        <= BinaryOperator.And => Loosest,
        <= BinaryOperator.NotLike => Comparing,
        <= BinaryOperator.Subtract => Adding,
        <= BinaryOperator.Modulo => Multiplying,
        _ => Raising,
    };

    public static string TextOf(BinaryOperator binary) => binary switch
    {
        BinaryOperator.Or => "||",
        BinaryOperator.And => "&&",
        BinaryOperator.Equal => "=",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Like => "=~",
        BinaryOperator.NotLike => "!~",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        _ => "^",
    };

    public static bool IsRightAssociative(BinaryOperator binary) => binary == BinaryOperator.Power;

    /// <summary>Its result is true or false.</summary>
    public static bool IsLogical(BinaryOperator binary) => binary <= BinaryOperator.NotLike;

    /// <summary><c>= != &lt; &lt;= &gt; &gt;=</c>.</summary>
    public static bool IsComparison(BinaryOperator binary) => binary is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    public static bool IsArithmetic(BinaryOperator binary) => binary >= BinaryOperator.Add;
}
