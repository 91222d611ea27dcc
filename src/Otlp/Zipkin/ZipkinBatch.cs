using System.Buffers.Text;
using Clew.Model;

namespace Clew.Otlp.Zipkin;

/// <summary>What both Zipkin decoders do: turn the parts of Zipkin spans into rows of a batch, as OpenTelemetry maps the one to the other.</summary>
/// <remarks>
/// <para>A decoder begins a span, hands over its parts as they come, and ends it. Methods that return a text name a limit that the request exceeds; the request is refused then.</para>
/// <para>Local endpoints become resources, one for each distinct one, and stay in memory beside the batch while it is decoded.</para>
/// </remarks>
/// <param name="arrived">What a span starts at that says nothing about time.</param>
internal ref struct ZipkinBatch(OtlpLimits limits, SpanBatch batch, int requestBytes, IMemoryRoom? room, UnixNanos arrived)
{
    // Of a dictionary: the entry, its bucket, and what doubling leaves free.
    const int ScratchBytesPerScope = 96;
    const uint SampledFlag = 1;

    public BatchBuilder Builder = new(limits, batch, requestBytes, room);
    Dictionary<ZipkinEndpoint, int>? _resources;
    Dictionary<ZipkinScope, int>? _scopes;
    ZipkinScope _lastScope;
    int _lastScopeRow = -1;

    /// <summary>Begins a span.</summary>
    public string? Begin(out ZipkinSpan span)
    {
        span = new ZipkinSpan(batch.Nested.Count, Builder.RepairedStringCount);
        span.Row.Kind = SpanKind.Internal;
        if (batch.SpanCount >= limits.SpanCountMax)
            return $"the request has more than {limits.SpanCountMax} of them, the limit {nameof(OtlpLimits.SpanCountMax)}";
        return Charged(BatchBuilder.SpanRowBytes);
    }

    /// <summary>Adds a tag of the span: as an attribute, unless it stands for something else.</summary>
    public string? AddTag(ref ZipkinSpan span, ZipkinTag tag, int key, ReadOnlySpan<byte> value)
    {
        if (Charged(BatchBuilder.AttributeRowBytes) is { } problem)
            return problem;
        switch (tag)
        {
            case ZipkinTag.Error:
                (span.HasError, span.Error) = (true, Builder.Text(value));
                return null;
            case ZipkinTag.StatusCode when value.SequenceEqual("OK"u8): span.Row.Status = StatusCode.Ok; return null;
            case ZipkinTag.StatusCode when value.SequenceEqual("ERROR"u8): span.Row.Status = StatusCode.Error; return null;
            case ZipkinTag.StatusDescription: span.Row.StatusMessage = Builder.Text(value); return null;
            case ZipkinTag.ScopeName: span.ScopeName = Builder.Text(value); return null;
            case ZipkinTag.LibraryName: span.LibraryName = Builder.Text(value); return null;
            case ZipkinTag.ScopeVersion: span.ScopeVersion = Builder.Text(value); return null;
            case ZipkinTag.LibraryVersion: span.LibraryVersion = Builder.Text(value); return null;
            case ZipkinTag.TraceState: span.Row.TraceState = Builder.Text(value); return null;
            case ZipkinTag.ServiceName: span.ServiceNameTag = Builder.Text(value); return null;
            case ZipkinTag.DroppedAttributesCount when TryCount(value, out var count): span.Row.DroppedAttributeCount = count; return null;
            case ZipkinTag.DroppedEventsCount when TryCount(value, out var count): span.Row.DroppedEventCount = count; return null;
            case ZipkinTag.DroppedLinksCount when TryCount(value, out var count): span.Row.DroppedLinkCount = count; return null;
            case ZipkinTag.PeerService: span.HasPeerService = true; break;
            case ZipkinTag.PeerIp: span.HasPeerIp = true; break;
            case ZipkinTag.PeerPort: span.HasPeerPort = true; break;
        }

        batch.Spans.Attributes.Add(key, AnyValue.OfString(Builder.Text(value)));
        return null;
    }

    /// <summary>Reads the text of an annotation; attributes in it are those of the next event.</summary>
    public string? ReadAnnotation(ReadOnlySpan<byte> text, out int name)
    {
        if (!AnnotationText.TrySplit(text, out var nameText, out var isQuoted, out var attributes))
        {
            name = Builder.Text(text);
            return null;
        }

        name = isQuoted ? AnnotationAttributes.Text(ref Builder, nameText[1..^1]) : Builder.Text(nameText);
        return new AnnotationAttributes(attributes, batch).TryRead(ref Builder) ? null : Builder.RowBytesProblem;
    }

    /// <summary>Adds an annotation of the span as an event.</summary>
    public string? AddAnnotation(ref ZipkinSpan span, ulong micros, int name)
    {
        if (Charged(BatchBuilder.EventRowBytes) is { } problem)
            return problem;
        if (micros > 0 && (span.EarliestAnnotationMicros == 0 || micros < span.EarliestAnnotationMicros))
            span.EarliestAnnotationMicros = micros;
        batch.Events.Add(NanosOf(micros), name, 0);
        return null;
    }

    /// <summary>Completes a span that has an identity.</summary>
    public string? End(ref ZipkinSpan span)
    {
        if (Settle(ref span) is { } problem)
            return problem;
        var micros = span.TimestampMicros != 0 ? span.TimestampMicros : span.EarliestAnnotationMicros;
        span.Row.Start = micros != 0 ? NanosOf(micros) : arrived;
        span.Row.End = span.Row.Start.Plus(NanosOf(span.DurationMicros).Value);
        var scope = new ZipkinScope(
            span.Local, span.ScopeName != 0 ? span.ScopeName : span.LibraryName, span.ScopeVersion != 0 ? span.ScopeVersion : span.LibraryVersion);
        if (_lastScopeRow < 0 || scope != _lastScope)
        {
            if (FindScope(scope, out _lastScopeRow) is { } full)
                return full;
            _lastScope = scope;
        }

        span.Row.Scope = _lastScopeRow;
        batch.EndSpan(in span.Row);
        return null;
    }

    // What could not be decided before all of the span was read.
    string? Settle(ref ZipkinSpan span)
    {
        if (SettleStatus(ref span) is { } statusProblem)
            return statusProblem;

        // OpenTelemetry's exporters send the resource's attributes as tags, the service's name once more among them.
        if (span.ServiceNameTag != 0 && span.Local.ServiceName == 0)
            span.Local.ServiceName = span.ServiceNameTag;
        else if (span.ServiceNameTag != 0 && span.ServiceNameTag != span.Local.ServiceName)
            batch.Spans.Attributes.Add(Builder.Text(ZipkinTagNames.ServiceName), AnyValue.OfString(span.ServiceNameTag));

        if (!span.HasPeerService && Add(ZipkinTagNames.PeerService, span.Remote.ServiceName) is { } peerProblem)
            return peerProblem;
        if (!span.HasPeerIp && Add(ZipkinTagNames.PeerIp, span.Remote.Ipv4 != 0 ? span.Remote.Ipv4 : span.Remote.Ipv6) is { } ipProblem)
            return ipProblem;
        if (span.Remote.Ipv4 != 0 && Add(ZipkinTagNames.RemoteIpv6, span.Remote.Ipv6) is { } ipv6Problem)
            return ipv6Problem;
        if (!span.HasPeerPort && span.Remote.Port != 0 && Add(ZipkinTagNames.PeerPort, AnyValue.OfInt(span.Remote.Port)) is { } portProblem)
            return portProblem;
        if (span.IsDebug)
            span.Row.Flags |= SampledFlag;
        return AddIf(span.IsDebug, ZipkinTagNames.Debug) ?? AddIf(span.IsShared, ZipkinTagNames.Shared)
            ?? AddIf(span.TimestampMicros == 0, ZipkinTagNames.StartAbsent) ?? AddIf(span.DurationMicros == 0, ZipkinTagNames.DurationAbsent);
    }

    string? SettleStatus(ref ZipkinSpan span)
    {
        if (!span.HasError)
            return null;
        if (span.Row.Status == StatusCode.Ok || batch.Strings[span.Error].SequenceEqual("false"u8))
        {
            batch.Spans.Attributes.Add(Builder.Text(ZipkinTagNames.Error), AnyValue.OfString(span.Error));
            return null;
        }

        span.Row.Status = StatusCode.Error;
        if (span.Error != 0)
            span.Row.StatusMessage = span.Error;
        return null;
    }

    string? FindScope(ZipkinScope scope, out int row)
    {
        row = -1;
        _scopes ??= [];
        if (_scopes.TryGetValue(scope, out row))
            return null;
        if (!Builder.TryChargeScratch(ScratchBytesPerScope))
            return OtlpError.NoRoom.Problem;
        if (batch.Scopes.Count == limits.ScopeCountMax)
            return $"the request has more than {limits.ScopeCountMax} different instrumentations, the limit {nameof(OtlpLimits.ScopeCountMax)}";
        if (FindResource(scope.Local, out var resource) is { } problem)
            return problem;
        if (Charged(BatchBuilder.ScopeRowBytes) is { } full)
            return full;
        row = batch.Scopes.End(resource, scope.Name, scope.Version, 0, 0);
        _scopes.Add(scope, row);
        return null;
    }

    string? FindResource(ZipkinEndpoint local, out int row)
    {
        _resources ??= [];
        if (_resources.TryGetValue(local, out row))
            return null;
        if (!Builder.TryChargeScratch(ScratchBytesPerScope))
            return OtlpError.NoRoom.Problem;
        if (batch.Resources.Count == limits.ResourceCountMax)
            return $"the request has more than {limits.ResourceCountMax} different local endpoints, the limit {nameof(OtlpLimits.ResourceCountMax)}";
        if (Charged(BatchBuilder.ResourceRowBytes + 4 * BatchBuilder.AttributeRowBytes) is { } full)
            return full;
        var attributes = batch.Resources.Attributes;
        AddText(attributes, ZipkinTagNames.ServiceName, local.ServiceName);
        AddText(attributes, ZipkinTagNames.HostIp, local.Ipv4 != 0 ? local.Ipv4 : local.Ipv6);
        AddText(attributes, ZipkinTagNames.LocalIpv6, local.Ipv4 != 0 ? local.Ipv6 : 0);
        if (local.Port != 0)
            attributes.Add(Builder.Text(ZipkinTagNames.HostPort), AnyValue.OfInt(local.Port));
        row = batch.Resources.End(0, 0);
        _resources.Add(local, row);
        return null;
    }

    void AddText(AttributeColumns attributes, ReadOnlySpan<byte> key, int text)
    {
        if (text != 0)
            attributes.Add(Builder.Text(key), AnyValue.OfString(text));
    }

    string? Add(ReadOnlySpan<byte> key, int text) => text == 0 ? null : Add(key, AnyValue.OfString(text));

    string? AddIf(bool isTrue, ReadOnlySpan<byte> key) => isTrue ? Add(key, AnyValue.OfBool(true)) : null;

    string? Add(ReadOnlySpan<byte> key, AnyValue value)
    {
        if (Charged(BatchBuilder.AttributeRowBytes) is { } problem)
            return problem;
        batch.Spans.Attributes.Add(Builder.Text(key), value);
        return null;
    }

    string? Charged(int rowBytes) => Builder.TryCharge(rowBytes) ? null : Builder.RowBytesProblem;

    static UnixNanos NanosOf(ulong micros) => new(micros > ulong.MaxValue / 1_000 ? ulong.MaxValue : micros * 1_000);

    static bool TryCount(ReadOnlySpan<byte> digits, out uint count) =>
        Utf8Parser.TryParse(digits, out count, out var consumed) && consumed == digits.Length;
}
