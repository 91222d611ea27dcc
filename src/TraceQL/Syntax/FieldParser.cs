using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>Reads expressions over one span: what stands between braces, and what functions are given.</summary>
sealed class FieldParser(TokenStream tokens)
{
    const string Operand = "an attribute, an intrinsic, a value or '('";

    static readonly FieldExpression Nothing = new FieldExpression.Constant(Value.Nil);

    // The last operator was a comparison, so what follows is most likely a value.
    bool _isCompared;

    public FieldExpression ReadExpression()
    {
        _isCompared = false;
        return Read(BinaryOperators.Loosest);
    }

    /// <summary>An attribute or an intrinsic, nothing else.</summary>
    public FieldExpression ReadAttribute()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Attribute:
                tokens.Advance();
                return new FieldExpression.Attribute(token.Scope, token.Text) { At = token.At };
            case TokenKind.Intrinsic:
                tokens.Advance();
                return new FieldExpression.Field(token.Intrinsic) { At = token.At };
            case TokenKind.Identifier when IntrinsicNames.TryFindPlain(token.Text, out var intrinsic):
                tokens.Advance();
                return new FieldExpression.Field(intrinsic) { At = token.At };
            default:
                tokens.FailUnexpected("an attribute or an intrinsic" + (token.Kind == TokenKind.Identifier ? FieldHints.ForField(token.Text) : ""));
                return Nothing;
        }
    }

    /// <summary>One or more attributes or intrinsics.</summary>
    public ImmutableArray<FieldExpression> ReadAttributes()
    {
        var attributes = ImmutableArray.CreateBuilder<FieldExpression>();
        do
            attributes.Add(ReadAttribute());
        while (tokens.TryTake(TokenKind.Comma));
        return attributes.ToImmutable();
    }

    /// <summary>A value that is a word or a literal; not one behind a sign.</summary>
    public bool TryReadConstant(out Value value)
    {
        var token = tokens.Current;
        value = token.Value;
        if (token.Kind != TokenKind.Literal && !(token.Kind == TokenKind.Identifier && ConstantNames.TryFind(token.Text, out value)))
            return false;
        tokens.Advance();
        return true;
    }

    // Precedence climbing: an operand, then every operator that binds at least as tightly as asked.
    FieldExpression Read(int tightness)
    {
        var at = tokens.Current.At;
        var left = ReadOperand();
        while (BinaryOperators.TryFind(tokens.Current.Kind, out var binary) && BinaryOperators.PrecedenceOf(binary) is var precedence && precedence >= tightness)
        {
            tokens.CountOperator(tokens.Current.At);
            tokens.Advance();
            _isCompared = precedence == BinaryOperators.Comparing;
            FieldExpression right;
            if (BinaryOperators.IsRightAssociative(binary))
            {
                tokens.Enter();
                right = Read(precedence);
                tokens.Leave();
            }
            else
            {
                right = Read(precedence + 1);
            }

            left = Joined(binary, left, right, at);
        }

        return left;
    }

    static FieldExpression Joined(BinaryOperator binary, FieldExpression left, FieldExpression right, TextPosition at) =>
        left is FieldExpression.Constant a && right is FieldExpression.Constant b && ConstantFolding.Fold(binary, a.Value, b.Value) is { } value
            ? new FieldExpression.Constant(value) { At = at }
            : new FieldExpression.Binary(binary, left, right) { At = at };

    FieldExpression ReadOperand()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Subtract:
                // As loose as a binary minus: -.a * .b is -(.a * .b).
                return ReadUnary(BinaryOperators.Adding + 1) is var negated && negated is FieldExpression.Constant constant && ConstantFolding.Negate(constant.Value) is { } value
                    ? new FieldExpression.Constant(value) { At = token.At }
                    : new FieldExpression.Negate(negated) { At = token.At };
            case TokenKind.Not:
                return new FieldExpression.Not(ReadUnary(BinaryOperators.Inverting + 1)) { At = token.At };
            case TokenKind.OpenParen:
                return ReadParenthesis();
            case TokenKind.Attribute or TokenKind.Intrinsic:
                return ReadAttribute();
            case TokenKind.Literal or TokenKind.Identifier:
                return ReadWord(token);
            case TokenKind.Equal:
                tokens.FailUnexpected(Operand + "; equality is written with one '='");
                return Nothing;
            case TokenKind.Greater when _isCompared:
                tokens.FailUnexpected(Operand + "; inequality is written '!='");
                return Nothing;
            default:
                tokens.FailUnexpected(Operand);
                return Nothing;
        }
    }

    FieldExpression ReadUnary(int tightness)
    {
        tokens.CountOperator(tokens.Current.At);
        tokens.Enter();
        tokens.Advance();
        var operand = Read(tightness);
        tokens.Leave();
        return operand;
    }

    FieldExpression ReadParenthesis()
    {
        tokens.Enter();
        tokens.Advance();
        var inner = ReadExpression();
        ExpectClosing(TokenKind.CloseParen);
        tokens.Leave();
        return inner;
    }

    /// <summary>An expression has ended; what follows must be this.</summary>
    public void ExpectClosing(TokenKind kind)
    {
        if (!tokens.TryTake(kind))
            tokens.FailUnexpected($"'{Punctuation.TextOf(kind)}' or an operator" + FieldHints.ForOperator(tokens.Current));
    }

    FieldExpression ReadWord(Token token)
    {
        if (TryReadConstant(out var value))
            return new FieldExpression.Constant(value) { At = token.At };
        if (IntrinsicNames.TryFindPlain(token.Text, out _))
            return ReadAttribute();
        tokens.Fail(token.At, $"unknown identifier: {Excerpt.Of(token.Text)}{(_isCompared ? FieldHints.ForValue(token.Text) : FieldHints.ForField(token.Text))}");
        return Nothing;
    }
}
