using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Five traces to know by heart: what the case tables ask. Every span has a name of its own; trace n begins at n seconds, times here are milliseconds from then.</summary>
/// <remarks>
/// <code>
/// shop   a (0-100, frontend)                   loose   g (0-50)     h (5-30)    o (20-30) of a parent
///        ├ b (10-60, frontend, client)                 └ i (10-20)  └ j (12-25) └ p (22-28)  not here
///        │ └ d (15-50, cart, server)
///        │   └ e (20-40, cart, internal)       ring    l (0-10) and m (2-8) are each other's parents,
///        ├ c (60-95, frontend, error)                  └ q (4-6)    and s (5-7) is its own; no root
///        │ └ f (65-90, no service)
///        └ k (96-100, cart, consumer)          sides   t (0-20) with u, w, y, and z, which has the id of u; v is u's child
///
/// values: under the root "types" (0-1000), a child for each type of value of .v, by its name
/// </code>
/// </remarks>
static class Fixture
{
    public static TraceId Shop { get; } = new(0, 1);
    public static TraceId Loose { get; } = new(0, 2);
    public static TraceId Ring { get; } = new(0, 3);
    public static TraceId Values { get; } = new(0, 0xab12);
    public static TraceId Sides { get; } = new(0xc0ffee, 5);

    static readonly PlainScope Frontend = new([("service.name", "frontend"), ("region", "eu"), ("n", 7), ("zones", new object?[] { "x", "y" })]);
    static readonly PlainScope Cart = new([("service.name", "cart"), ("region", "us"), ("canary", true)]);
    static readonly PlainScope Database = new([]);
    static readonly PlainScope Library = new([("service.name", "sides")], "lib", "1.0", ("flavor", "sweet"), ("level", 3));
    static readonly PlainScope Bare = new([("service.name", 5)]);

    public static IReadOnlyList<PlainSpan> Spans { get; } = [.. ShopSpans(), .. LooseSpans(), .. RingSpans(), .. ValueSpans(), .. SideSpans()];

    static PlainSpan Span(TraceId trace, ulong second, string name, ulong id, ulong parent, ulong from, ulong to, PlainScope scope, params (string, object?)[] attributes) => new()
    {
        Trace = trace, Name = name, Id = id, Parent = parent, Start = At(second, from), End = At(second, to), Scope = scope, Attributes = attributes,
    };

    static ulong At(ulong second, ulong millis) => (second * 1_000_000_000) + (millis * 1_000_000);

    static PlainSpan[] ShopSpans() =>
    [
        Span(Shop, 1, "a", 1, 0, 0, 100, Frontend, ("http.method", "GET"), ("http.status", 200), ("n", 1)) with { Kind = SpanKind.Server, Status = StatusCode.Ok },
        Span(Shop, 1, "b", 2, 1, 10, 60, Frontend, ("http.method", "GET"), ("n", 2), ("region", "asia")) with { Kind = SpanKind.Client },
        Span(Shop, 1, "c", 3, 1, 60, 95, Frontend, ("http.method", "POST"), ("n", 3.5)) with { Kind = SpanKind.Client, Status = StatusCode.Error, Message = "boom" },
        Span(Shop, 1, "d", 4, 2, 15, 50, Cart, ("http.status", 500), ("n", 4), ("cached", true)) with { Kind = SpanKind.Server },
        Span(Shop, 1, "e", 5, 4, 20, 40, Cart, ("n", "4"), ("cached", false)) with { Kind = SpanKind.Internal },
        Span(Shop, 1, "f", 6, 3, 65, 90, Database) with { Kind = SpanKind.Producer, State = "ot=th:8" },
        Span(Shop, 1, "k", 7, 1, 96, 100, Cart, ("x-y", "dash"), ("user id", "u 1")) with { Kind = SpanKind.Consumer },
    ];

    static PlainSpan[] LooseSpans() =>
    [
        Span(Loose, 2, "g", 1, 0, 0, 50, Frontend), Span(Loose, 2, "h", 2, 0, 5, 30, Cart), Span(Loose, 2, "i", 3, 1, 10, 20, Frontend),
        Span(Loose, 2, "j", 4, 2, 12, 25, Cart), Span(Loose, 2, "o", 5, 0x99, 20, 30, Database), Span(Loose, 2, "p", 6, 5, 22, 28, Database),
    ];

    static PlainSpan[] RingSpans() =>
    [
        Span(Ring, 3, "l", 1, 2, 0, 10, Cart), Span(Ring, 3, "m", 2, 1, 2, 8, Cart), Span(Ring, 3, "q", 3, 1, 4, 6, Cart), Span(Ring, 3, "s", 4, 4, 5, 7, Cart),
    ];

    static PlainSpan[] ValueSpans()
    {
        (string Name, object? Value)[] values =
        [
            ("int5", 5), ("minus3", -3), ("big", 9_007_199_254_740_993), ("float", 2.5), ("five", 5.0), ("nan", double.NaN), ("text5", "5"), ("abc", "abc"), ("line", "a\nb"),
            ("yes", true), ("no", false), ("bytes", new byte[] { 1, 2 }), ("map", new (string, object?)[] { ("k", 5) }), ("ints", new object?[] { 1, 5, 9 }),
            ("texts", new object?[] { "abc", "xyz" }), ("flags", new object?[] { true, false }), ("mixed", new object?[] { 5, "abc" }), ("empty", Array.Empty<object?>()), ("blank", null), ("zero", 0), ("void", ""),
        ];
        var others = values.Select((value, at) => Span(Values, 4, value.Name, (ulong)at + 2, 1, (ulong)at + 1, (ulong)(2 * at) + 2, Bare, ("v", value.Value)));
        return [Span(Values, 4, "types", 1, 0, 0, 1_000, Bare), .. others, Span(Values, 4, "none", 100, 1, 100, 100, Bare)];
    }

    static PlainSpan[] SideSpans() =>
    [
        Span(Sides, 5, "t", 0xa, 0, 0, 20, Library) with
        {
            Events = [new PlainEvent(At(5, 1), "start", ("k", "a"), ("n", 1)), new PlainEvent(At(5, 5), "retry", ("k", "b"))],
        },
        Span(Sides, 5, "u", 0xb, 0xa, 1, 9, Library) with
        {
            Events = [new PlainEvent(At(5, 3), "retry", ("k", "b"), ("n", 3))], Links = [new PlainLink(Shop, 2, ("why", "follows"))],
        },
        Span(Sides, 5, "w", 0xc, 0xa, 2, 8, Library) with
        {
            Links = [new PlainLink(Shop, 1, ("why", "batch")), new PlainLink(Loose, 0xabc, ("why", "follows"), ("n", 8))],
        },
        Span(Sides, 5, "y", 0xd, 0xa, 3, 7, Bare) with { Events = [new PlainEvent(At(5, 2), "early", ("k", new object?[] { "a", "c" }))] },
        Span(Sides, 5, "z", 0xb, 0xa, 4, 6, Bare), Span(Sides, 5, "v", 0xe, 0xb, 5, 6, Bare),
    ];
}
