using Clew.Server.Grpc;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Tests;

public sealed class GrpcMessagesTests
{
    [Fact]
    public async Task A_client_that_stops_reading_is_left_and_counts_as_gone()
    {
        var messages = MessagesTo(new BlockedStream(), new ImpatientTime());
        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await messages.WriteAsync(new byte[100], CancellationToken.None));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_writes_no_more()
    {
        using var cancellation = new CancellationTokenSource();
        var messages = MessagesTo(new BlockedStream(), TimeProvider.System);
        var write = messages.WriteAsync(new byte[100], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await messages.WriteAsync(new byte[100], cancellation.Token));
    }

    static GrpcMessages MessagesTo(Stream body, TimeProvider time)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        return new GrpcMessages(context.Response, time);
    }

    /// <summary>A client that takes nothing.</summary>
    sealed class BlockedStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>Every timer is over as soon as it is set.</summary>
    sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
