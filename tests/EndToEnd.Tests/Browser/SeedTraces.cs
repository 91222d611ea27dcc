using System.Globalization;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Browser;

/// <summary>The traces that the pages of the browser tests show. All lie in the last few minutes before <paramref name="now"/>.</summary>
internal sealed class SeedTraces(DateTimeOffset now)
{
    public const int LargeSpanCount = 20_000;
    public const string Script = "<img src=x onerror=\"console.error('injected')\"><script>console.error('injected')</script>";
    const long Millisecond = 1_000_000;
    static readonly OtlpResource Shop = new([new("service.name", "shop"), new("host.name", "web-1")]);
    static readonly OtlpResource Payments = new([new("service.name", "payments")]);
    static readonly OtlpResource Warehouse = new([new("service.name", "warehouse")]);
    static readonly OtlpScope Scope = new("shop.checkout", "2.1.0");

    readonly long _now = (now - DateTimeOffset.UnixEpoch).Ticks * 100;

    public string CheckoutTraceId { get; } = new('1', 32);
    public string ChargeSpanId { get; } = "00000000000000c3";
    public string RefundTraceId { get; } = new('2', 32);
    public string LargeTraceId { get; } = new('3', 32);
    public string BrokenTraceId { get; } = new('4', 32);
    public string HostileTraceId { get; } = new('5', 32);

    /// <summary>Three services, an error with an exception, events, a link, every type of attribute.</summary>
    public OtlpSpan[] Checkout => MakeCheckout();

    public IEnumerable<IEnumerable<OtlpSpan>> All => [Checkout, Refund(), Refund(), .. Browsing(), Large(), Broken(), Hostile()];

    OtlpSpan[] MakeCheckout()
    {
        var start = _now - 120_000 * Millisecond;
        return
        [
            Span(CheckoutTraceId, "00000000000000c1", "", "POST /checkout", Shop, start, 450) with
            {
                Kind = 2, StatusCode = 2, StatusMessage = "the card was declined", Attributes = [new("http.route", "/checkout"), new("tenant", "acme")],
            },
            Span(CheckoutTraceId, "00000000000000c2", "00000000000000c1", "reserve stock", Warehouse, start + 10 * Millisecond, 120),
            Span(CheckoutTraceId, ChargeSpanId, "00000000000000c1", "charge card", Payments, start + 140 * Millisecond, 300) with
            {
                Kind = 3,
                StatusCode = 2,
                StatusMessage = "issuer said no",
                Attributes =
                [
                    new("payment.amount", 42L), new("payment.currency", "EUR"), new("payment.ratio", 0.25), new("payment.retried", true),
                    new("payment.steps", new object?[] { "authorise", "capture" }), new("payment.raw", new byte[] { 1, 2, 255 }),
                ],
                Events =
                [
                    new OtlpEvent(start + 200 * Millisecond, "retrying", [new("attempt", 2L)]),
                    new OtlpEvent(start + 430 * Millisecond, "exception",
                    [
                        new("exception.type", "CardDeclined"), new("exception.message", "issuer said no"),
                        new("exception.stacktrace", "CardDeclined: issuer said no\n   at Charge(Card card)"),
                    ]),
                ],
                Links = [new OtlpLink(RefundTraceId, "00000000000000d1", "", 0x101, [new("reason", "earlier refund")])],
            },
            Span(CheckoutTraceId, "00000000000000c4", ChargeSpanId, "call issuer", Payments, start + 150 * Millisecond, 250),
        ];
    }

    /// <summary>Sent twice, as by a sender whose first request was answered too late.</summary>
    OtlpSpan[] Refund() => [Span(RefundTraceId, "00000000000000d1", "", "refund", Payments, _now - 300_000 * Millisecond, 80)];

    /// <param name="number">1 to 12: its length in quarters of a second; each started a second before the one of the next lower number.</param>
    public static string BrowsingTraceId(int number) => $"6{number:x31}";

    /// <summary>Twelve traces of different lengths, a quarter of a second to three.</summary>
    IEnumerable<OtlpSpan[]> Browsing() => Enumerable.Range(1, 12).Select(number =>
    {
        var traceId = BrowsingTraceId(number);
        var start = _now - (200 + number) * 1_000 * Millisecond;
        var root = Span(traceId, $"{number:x16}", "", "GET /catalogue", Shop, start, 250 * number) with
        {
            Attributes = [new("tenant", number % 2 == 0 ? "acme" : "globex"), new("page", (long)number)],
        };
        return new[] { root, Span(traceId, $"{number + 100:x16}", $"{number:x16}", "list stock", Warehouse, start, 100) };
    });

    /// <summary>A tree of three levels: a root, 100 steps, 199 or so calls each.</summary>
    IEnumerable<OtlpSpan> Large()
    {
        var start = _now - 60_000 * Millisecond;
        yield return Span(LargeTraceId, Id(0), "", "batch run", Shop, start, 20_000);
        for (var index = 1; index < LargeSpanCount; index++)
        {
            var isStep = index <= 100;
            var isLast = index == LargeSpanCount - 1;
            var parent = Id(isStep ? 0 : isLast ? 100 : index % 100 + 1);
            var name = isStep ? $"step {index}" : isLast ? "the very last call" : $"call {index}";
            yield return Span(LargeTraceId, Id(index), parent, name, index % 3 == 0 ? Payments : Warehouse, start + index * Millisecond, isStep ? 60 : 3);
        }

        static string Id(int index) => (0xA0000000 + index).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>An orphan, two spans with one id, two that are each other's parents, and one that ends before it starts.</summary>
    OtlpSpan[] Broken()
    {
        var start = _now - 90_000 * Millisecond;
        return
        [
            Span(BrokenTraceId, "00000000000000b1", "", "root", Shop, start, 100),
            Span(BrokenTraceId, "00000000000000b2", "00f067aa0ba902b7", "orphan", Payments, start + Millisecond, 20),
            Span(BrokenTraceId, "00000000000000b3", "00000000000000b1", "twin", Shop, start + 2 * Millisecond, 20),
            Span(BrokenTraceId, "00000000000000b3", "00000000000000b1", "twin", Warehouse, start + 3 * Millisecond, 20),
            Span(BrokenTraceId, "00000000000000b4", "00000000000000b5", "hen", Shop, start + 4 * Millisecond, 20),
            Span(BrokenTraceId, "00000000000000b5", "00000000000000b4", "egg", Shop, start + 5 * Millisecond, 20),
            Span(BrokenTraceId, "00000000000000b6", "00000000000000b1", "backwards", Shop, start + 50 * Millisecond, -30),
        ];
    }

    /// <summary>Markup wherever a sender may write text.</summary>
    OtlpSpan[] Hostile() =>
    [
        Span(HostileTraceId, "00000000000000e1", "", Script, OtlpResource.OfService(Script), _now - 30_000 * Millisecond, 10) with
        {
            StatusCode = 2,
            StatusMessage = Script,
            Attributes = [new(Script, Script)],
            Events = [new OtlpEvent(_now - 30_000 * Millisecond, Script, [new("exception.stacktrace", Script)])],
        },
    ];

    static OtlpSpan Span(string traceId, string spanId, string parentSpanId, string name, OtlpResource resource, long startNanos, long milliseconds) => new()
    {
        TraceId = traceId,
        SpanId = spanId,
        ParentSpanId = parentSpanId,
        Name = name,
        Kind = 1,
        Flags = 0x101,
        StartNanos = startNanos,
        EndNanos = startNanos + milliseconds * Millisecond,
        Resource = resource,
        Scope = Scope,
    };
}
