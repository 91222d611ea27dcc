namespace Clew.TraceQL.Syntax;

/// <summary>Operators between two field expressions.</summary>
public enum BinaryOperator : byte
{
    Or, And,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Like, NotLike,
    Add, Subtract, Multiply, Divide, Modulo, Power,
}
