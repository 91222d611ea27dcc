using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Clew.Model;

/// <summary>A <see cref="SpanSelection"/> bound to one batch: texts are looked up once, so that testing a span compares codes.</summary>
public sealed class SpanMatcher
{
    readonly SpanBatch _batch;
    readonly TimeRange _starts;
    readonly Test[] _tests;

    public SpanMatcher(SpanSelection selection, SpanBatch batch)
    {
        _batch = batch;
        _starts = selection.Starts;
        _tests = [.. selection.Conditions.Select(condition => Bind(condition, batch))];
        CanMatch = batch.SpanCount > 0 && !_tests.Any(test => test is Never);
    }

    /// <summary>False when a text that is asked for does not occur in the batch at all.</summary>
    public bool CanMatch { get; }

    public bool Matches(int row)
    {
        if (!_starts.Contains(_batch.Spans.Starts[row]))
            return false;
        foreach (var test in _tests)
        {
            if (!test.Matches(row))
                return false;
        }

        return true;
    }

    static Test Bind(SpanCondition condition, SpanBatch batch) => condition switch
    {
        SpanCondition.ServiceIs service => ScopeTest.Of(batch, scope => ServiceName.Of(batch, batch.Scopes.Resources[scope]) == service.Name),
        SpanCondition.NameIs name => batch.Strings.TryFind(name.Name, out var code) ? new NameTest(batch, code) : Never.Instance,
        SpanCondition.KindIs kind => new KindTest(batch, kind.Kind),
        SpanCondition.StatusIs status => new StatusTest(batch, status.Status),
        SpanCondition.DurationBetween duration => new DurationTest(batch, duration.NanosMin, duration.NanosMax),
        SpanCondition.AttributeIs attribute => AttributeTest.Of(batch, attribute),
        SpanCondition.NameMatches name => new NameTextTest(batch, name.Test),
        SpanCondition.AttributeMatches attribute => TypedAttributeTest.Of(batch, attribute),
        SpanCondition.IsRoot => new RootTest(batch),
        SpanCondition.AllOf all => AllTest.Of([.. all.Conditions.Select(inner => Bind(inner, batch))]),
        SpanCondition.AnyOf any => AnyTest.Of([.. any.Conditions.Select(inner => Bind(inner, batch))]),
        SpanCondition.Not not => new NotTest(Bind(not.Condition, batch)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "A condition without a test."),
    };

    abstract class Test
    {
        public abstract bool Matches(int row);
    }

    sealed class Never : Test
    {
        public static Never Instance { get; } = new();

        public override bool Matches(int row) => false;
    }

    sealed class NameTest(SpanBatch batch, int code) : Test
    {
        public override bool Matches(int row) => batch.Spans.Names[row] == code;
    }

    // Asked once per distinct name.
    sealed class NameTextTest(SpanBatch batch, TextTest test) : Test
    {
        readonly Dictionary<int, bool> _known = [];

        public override bool Matches(int row)
        {
            var code = batch.Spans.Names[row];
            if (!_known.TryGetValue(code, out var holds))
                _known.Add(code, holds = test.Holds(batch.Strings[code]));
            return holds;
        }
    }

    sealed class RootTest(SpanBatch batch) : Test
    {
        public override bool Matches(int row) => batch.Spans.ParentSpanIds[row].IsAbsent;
    }

    sealed class KindTest(SpanBatch batch, SpanKind kind) : Test
    {
        public override bool Matches(int row) => batch.Spans.Kinds[row] == kind;
    }

    sealed class StatusTest(SpanBatch batch, StatusCode status) : Test
    {
        public override bool Matches(int row) => batch.Spans.Statuses[row] == status;
    }

    sealed class DurationTest(SpanBatch batch, ulong nanosMin, ulong nanosMax) : Test
    {
        public override bool Matches(int row) => batch.Spans.DurationNanos(row) is var nanos && nanos >= nanosMin && nanos <= nanosMax;
    }

    sealed class NotTest(Test inner) : Test
    {
        public override bool Matches(int row) => !inner.Matches(row);
    }

    sealed class AllTest(Test[] tests) : Test
    {
        public static Test Of(Test[] tests) => Array.Exists(tests, test => test is Never) ? Never.Instance : new AllTest(tests);

        public override bool Matches(int row)
        {
            foreach (var test in tests)
            {
                if (!test.Matches(row))
                    return false;
            }

            return true;
        }
    }

    sealed class AnyTest(Test[] tests) : Test
    {
        public static Test Of(Test[] tests) => Array.TrueForAll(tests, test => test is Never) ? Never.Instance : new AnyTest(tests);

        public override bool Matches(int row)
        {
            foreach (var test in tests)
            {
                if (test.Matches(row))
                    return true;
            }

            return false;
        }
    }

    // What holds for a scope holds for all its spans: decided once per scope.
    sealed class ScopeTest(SpanBatch batch, bool[] matches) : Test
    {
        public static Test Of(SpanBatch batch, Predicate<int> holds)
        {
            var matches = new bool[batch.Scopes.Count];
            for (var scope = 0; scope < matches.Length; scope++)
                matches[scope] = holds(scope);
            return Array.TrueForAll(matches, match => !match) ? Never.Instance : new ScopeTest(batch, matches);
        }

        public override bool Matches(int row) => matches[batch.Spans.Scopes[row]];
    }

    sealed class AttributeTest : Test
    {
        readonly SpanBatch _batch;
        readonly AttributeOwners _owners;
        readonly int _key;
        readonly TextValueTest _value;

        AttributeTest(SpanBatch batch, AttributeOwners owners, int key, TextValueTest value)
        {
            _batch = batch;
            _owners = owners;
            _key = key;
            _value = value;
        }

        public static Test Of(SpanBatch batch, SpanCondition.AttributeIs condition)
        {
            if (!batch.Strings.TryFind(condition.Key, out var key))
                return Never.Instance;
            var value = new TextValueTest(batch, condition.Text);
            var scopes = ScopeTest.Of(batch, scope =>
                (condition.Owners.HasFlag(AttributeOwners.Scope) && value.HoldsFor(batch.Scopes.Attributes, scope, key))
                || (condition.Owners.HasFlag(AttributeOwners.Resource) && value.HoldsFor(batch.Resources.Attributes, batch.Scopes.Resources[scope], key)));
            var onSpan = condition.Owners & value.OwnersThatCanHold(batch);
            return onSpan == AttributeOwners.None ? scopes : AnyTest.Of([scopes, new AttributeTest(batch, onSpan, key, value)]);
        }

        public override bool Matches(int row) =>
            (_owners.HasFlag(AttributeOwners.Span) && _value.HoldsFor(_batch.Spans.Attributes, row, _key))
            || (_owners.HasFlag(AttributeOwners.Event) && HoldsForAny(_batch.Events.Attributes, _batch.Events[row]))
            || (_owners.HasFlag(AttributeOwners.Link) && HoldsForAny(_batch.Links.Attributes, _batch.Links[row]));

        bool HoldsForAny(AttributeColumns columns, RowRange owners)
        {
            for (var owner = owners.Start; owner < owners.End; owner++)
            {
                if (_value.HoldsFor(columns, owner, _key))
                    return true;
            }

            return false;
        }
    }

    sealed class TypedAttributeTest(SpanBatch batch, AttributeOwners owners, int key, ValueTest test) : Test
    {
        public static Test Of(SpanBatch batch, SpanCondition.AttributeMatches condition)
        {
            if (!batch.Strings.TryFind(condition.Key, out var key))
                return Never.Instance;
            var scopes = ScopeTest.Of(batch, scope =>
                (condition.Owners.HasFlag(AttributeOwners.Scope) && Holds(batch.Scopes.Attributes, scope))
                || (condition.Owners.HasFlag(AttributeOwners.Resource) && Holds(batch.Resources.Attributes, batch.Scopes.Resources[scope])));
            var onSpan = condition.Owners & (AttributeOwners.Span | AttributeOwners.Event | AttributeOwners.Link);
            return onSpan == AttributeOwners.None ? scopes : AnyTest.Of([scopes, new TypedAttributeTest(batch, onSpan, key, condition.Test)]);

            bool Holds(AttributeColumns columns, int owner) => columns.TryFind(owner, key, out var value) && condition.Test.Holds(batch, value);
        }

        public override bool Matches(int row) =>
            (owners.HasFlag(AttributeOwners.Span) && Holds(batch.Spans.Attributes, new RowRange(row, row + 1)))
            || (owners.HasFlag(AttributeOwners.Event) && Holds(batch.Events.Attributes, batch.Events[row]))
            || (owners.HasFlag(AttributeOwners.Link) && Holds(batch.Links.Attributes, batch.Links[row]));

        bool Holds(AttributeColumns columns, RowRange owners)
        {
            for (var owner = owners.Start; owner < owners.End; owner++)
            {
                if (columns.TryFind(owner, key, out var value) && test.Holds(batch, value))
                    return true;
            }

            return false;
        }
    }

    /// <summary>"Reads as this text" for every kind of value, prepared so that only containers and bytes are ever formatted.</summary>
    sealed class TextValueTest
    {
        readonly SpanBatch _batch;
        readonly string _text;
        readonly int _code;
        readonly long? _integer;
        readonly double? _number;

        public TextValueTest(SpanBatch batch, string text)
        {
            _batch = batch;
            _text = text;
            _code = batch.Strings.TryFind(text, out var code) ? code : -1;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && integer.ToString(CultureInfo.InvariantCulture) == text)
                _integer = integer;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                _number = number;
        }

        /// <summary>Of the span, its events and its links, those that can have a value which reads as the text, going by the strings and the kinds of values there are.</summary>
        public AttributeOwners OwnersThatCanHold(SpanBatch batch) =>
            (CanHold(batch.Spans.Attributes) ? AttributeOwners.Span : AttributeOwners.None)
            | (CanHold(batch.Events.Attributes) ? AttributeOwners.Event : AttributeOwners.None)
            | (CanHold(batch.Links.Attributes) ? AttributeOwners.Link : AttributeOwners.None);

        bool CanHold(AttributeColumns columns) =>
            _code >= 0 || _integer is not null || _number is not null || _text is "true" or "false"
            || MemoryMarshal.Cast<ValueKind, byte>(columns.Values.Kinds.Values).ContainsAnyInRange((byte)ValueKind.Array, (byte)ValueKind.Bytes);

        public bool HoldsFor(AttributeColumns columns, int owner, int key)
        {
            var rows = columns[owner];
            var keys = columns.Keys.Values;
            for (var row = rows.Start; row < rows.End; row++)
            {
                if (keys[row] == key)
                    return HoldsFor(columns.Values[row]);
            }

            return false;
        }

        bool HoldsFor(AnyValue value) => value.Kind switch
        {
            ValueKind.String => value.Code == _code,
            ValueKind.Bool => _text == (value.IsTrue ? "true" : "false"),
            ValueKind.Int => value.Bits == _integer,
            ValueKind.Double => _number is double number && number.Equals(value.Number),
            ValueKind.Empty => _text.Length == 0,
            _ => ValueText.Format(_batch, value) == _text,
        };
    }
}
