using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Clew.Model;
using Clew.Otlp.Json;

namespace Clew.Otlp.Zipkin;

/// <summary>One pass over a JSON list of Zipkin spans; one method per object.</summary>
/// <remarks>Bad syntax and bad content both throw: <see cref="TryReadList"/> turns either into an answer.</remarks>
internal ref struct ZipkinJsonDecoder(ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, IMemoryRoom? room, UnixNanos arrived)
{
    const int TraceIdDigitsMax = 2 * TraceId.Bytes, SpanIdDigitsMax = 2 * SpanId.Bytes, KeyTextMax = 40;

    JsonTokens _json = new(request, new JsonReaderOptions { MaxDepth = OtlpLimits.JsonDepthBase + limits.NestingMax * OtlpLimits.JsonDepthPerNesting });
    ZipkinBatch _target = new(limits, batch, request.Length, room, arrived);

    public readonly ReadReport Report => _target.Builder.Report;

    public readonly bool IsOutOfRoom => _target.Builder.IsOutOfRoom;

    /// <summary>Gives back the room that was taken and not used.</summary>
    public void Settle() => _target.Builder.Settle();

    public bool TryReadList([NotNullWhen(false)] out OtlpError? error)
    {
        error = null;
        try
        {
            _json.Read();
            if (_json.Type != JsonTokenType.StartArray)
                throw _json.Fault($"{_json.Found()} where an array of spans is expected");
            _json.BeginArray();
            while (_json.NextElement())
                ReadSpan();
            _json.Read();
            return true;
        }
        catch (JsonException fault)
        {
            error = _json.ErrorOf(fault);
            return false;
        }
        finally
        {
            _json.ReturnScratch();
        }
    }

    void ReadSpan()
    {
        Allow(_target.Begin(out var draft));
        IdentityText traceId = default, id = default, parentId = default;
        var start = _json.Start;
        _json.BeginObject(ZipkinSpanKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case ZipkinSpanKeys.TraceId: traceId = _json.Identity(); break;
                case ZipkinSpanKeys.ParentId: parentId = _json.Identity(); break;
                case ZipkinSpanKeys.Id: id = _json.Identity(); break;
                case ZipkinSpanKeys.Kind: draft.Row.Kind = ZipkinSpan.KindOf(ZipkinSpanKeys.KindNames.IndexOf(_json.Text(out _), -1)); break;
                case ZipkinSpanKeys.Name: draft.Row.Name = Text(); break;
                case ZipkinSpanKeys.Timestamp: draft.TimestampMicros = Micros(shortest: 0); break;
                case ZipkinSpanKeys.Duration: draft.DurationMicros = Micros(shortest: 1); break;
                case ZipkinSpanKeys.LocalEndpoint: ReadEndpoint(ref draft.Local); break;
                case ZipkinSpanKeys.RemoteEndpoint: ReadEndpoint(ref draft.Remote); break;
                case ZipkinSpanKeys.Annotations:
                    _json.BeginArray();
                    while (_json.NextElement())
                        ReadAnnotation(ref draft);
                    break;
                case ZipkinSpanKeys.Tags: ReadTags(ref draft); break;
                case ZipkinSpanKeys.Debug: draft.IsDebug = _json.Bool(); break;
                case ZipkinSpanKeys.Shared: draft.IsShared = _json.Bool(); break;
            }
        }

        if (!IsIdentity(in traceId, TraceIdDigitsMax))
            Reject(IdentityProblem.TraceId, in traceId, in draft, start);
        else if (!IsIdentity(in id, SpanIdDigitsMax))
            Reject(IdentityProblem.SpanId, in id, in draft, start);
        else if (parentId.DigitCount != 0 && !(parentId.IsHex && parentId.DigitCount <= SpanIdDigitsMax))
            Reject(IdentityProblem.ParentSpanId, in parentId, in draft, start);
        else
            End(ref draft, traceId.TraceId, id.SpanId, parentId.SpanId);
    }

    void End(ref ZipkinSpan draft, TraceId traceId, SpanId id, SpanId parentId)
    {
        draft.Identify(traceId, id, parentId);
        Allow(_target.End(ref draft));
    }

    void ReadEndpoint(ref ZipkinEndpoint target)
    {
        _json.BeginObject(EndpointKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case EndpointKeys.ServiceName: target.ServiceName = Text(); break;
                case EndpointKeys.Ipv4: target.Ipv4 = Text(); break;
                case EndpointKeys.Ipv6: target.Ipv6 = Text(); break;
                case EndpointKeys.Port:
                    var port = _json.Int64();
                    target.Port = port is >= 0 and <= ushort.MaxValue ? (int)port : throw _json.Fault($"{port} is not a port; expected 0 to {ushort.MaxValue}");
                    break;
            }
        }
    }

    void ReadAnnotation(ref ZipkinSpan draft)
    {
        var micros = 0UL;
        var name = 0;
        _json.BeginObject(AnnotationKeys.Names);
        while (_json.NextField(out var field))
        {
            if (field == AnnotationKeys.Timestamp)
                micros = Micros(shortest: 0);
            else
                Allow(_target.ReadAnnotation(Content(), out name));
        }

        Allow(_target.AddAnnotation(ref draft, micros, name));
    }

    void ReadTags(ref ZipkinSpan draft)
    {
        _json.BeginMap();
        while (_json.NextEntry(out var keyText, out var repaired))
        {
            var tag = ZipkinTagNames.Of(keyText);
            CountRepair(keyText, repaired);
            var key = _target.Builder.Text(keyText);
            _json.Read();
            switch (_json.Type)
            {
                case JsonTokenType.Null: break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    throw _json.Fault($"tag '{Shown(key)}' is {_json.Found()}; expected a string");
                default:
                    // Zipkin knows only strings, but senders that do not quote numbers are understood.
                    var value = _json.Content(out repaired);
                    CountRepair(value, repaired);
                    Allow(_target.AddTag(ref draft, tag, key, value));
                    break;
            }
        }
    }

    readonly string Shown(int code) => Encoding.UTF8.GetString(batch.Strings[code][..Math.Min(batch.Strings[code].Length, KeyTextMax)]);

    int Text() => _target.Builder.Text(Content());

    ReadOnlySpan<byte> Content()
    {
        var content = _json.Text(out var repaired);
        CountRepair(content, repaired);
        return content;
    }

    // Of a text that is not UTF-8 besides, the builder counts the repair.
    void CountRepair(ReadOnlySpan<byte> content, bool repaired)
    {
        if (repaired && Utf8.IsValid(content))
            _target.Builder.CountRepair();
    }

    /// <summary>Whole microseconds: fractions are cut off, what is below zero counts as absent.</summary>
    /// <param name="shortest">What a fraction of the first microsecond becomes.</param>
    ulong Micros(ulong shortest)
    {
        var digits = _json.Number("a number of microseconds");
        if (Utf8Parser.TryParse(digits, out ulong micros, out var consumed) && consumed == digits.Length)
            return micros;
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number > ulong.MaxValue)
            throw _json.OutOfRange(digits, "a number of microseconds");
        return number switch
        {
            <= 0 => 0,
            < 1 => shortest,
            _ => (ulong)number,
        };
    }

    static bool IsIdentity(in IdentityText text, int digitsMax) => text.IsHex && text.DigitCount > 0 && text.DigitCount <= digitsMax && !text.IsZero;

    void Reject(IdentityProblem problem, in IdentityText id, in ZipkinSpan draft, long spanStart)
    {
        var rejection = "";
        if (_target.Builder.NeedsRejection)
        {
            var (name, expected) = problem switch
            {
                IdentityProblem.TraceId => ("traceId", "16 or 32 hexadecimal digits that are not all zero"),
                IdentityProblem.SpanId => ("id", "16 hexadecimal digits that are not all zero"),
                _ => ("parentId", "16 hexadecimal digits, or none for a root"),
            };
            rejection = new OtlpError($"{_json.Path}.{name}", id.DigitCount == 0 ? spanStart : id.Offset, $"{id.Flaw}; expected {expected}").Message;
        }

        _target.Builder.Reject(problem, draft.NestedCount, draft.RepairedStringCount, rejection);
    }

    void Allow(string? problem)
    {
        if (problem is not null)
            throw _json.Fault(problem);
    }
}
