using System.Buffers.Binary;
using Clew.Cli.Load.Corpus;
using Clew.Cli.Terminal;
using Clew.Otlp;

namespace Clew.Cli.Load;

/// <summary>A load from beginning to end: check, send, settle, look up, search, report.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="screen">How to show what is going on.</param>
internal sealed class LoadRun(LoadOptions options, LoadScreen screen)
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <param name="stop">Ends the sending; everything else still follows, for as long as it is not asked again.</param>
    /// <exception cref="CommandFailedException">The receiver or the query API is not there.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        await CheckReceiverAsync(stop);
        var (jaeger, notChecked) = await ConnectQueryAsync(stop);
        using var queries = jaeger;
        using var watch = await ServerWatch.StartAsync(options.ProcessId, jaeger?.Address, stop);
        var corpus = options.BuildCorpus();
        screen.Begin(options, corpus, jaeger?.Address);
        var (report, sample) = await SendAsync(corpus, watch, stop);
        if (jaeger is null || sample.Count == 0)
            return report with { NotChecked = jaeger is null ? notChecked : "no trace was acknowledged whole; send for longer." };
        // Whoever has ended the sending still wants to know what became of it; a signal that comes now ends the questions.
        return await AskAsync(jaeger, sample, report, stop.IsCancellationRequested ? CancellationToken.None : stop);
    }

    async Task<LoadReport> AskAsync(JaegerClient jaeger, IReadOnlyList<SentTrace> sample, LoadReport report, CancellationToken stop)
    {
        try
        {
            screen.Show("looking up what was sent");
            var completeness = await new TraceLookUp(jaeger, options.Patience).RunAsync([.. sample.Take(options.LookUpCount)], stop);
            if (completeness is { Whole: 0, Incomplete: 0, Problem: "" })
                completeness = completeness with { Problem = $"none is at {jaeger.Address}: if that is not the receiver's own query API, name it with --query" };
            report = report with { Completeness = completeness };
            return report with { Searches = await SearchAsync(jaeger, sample, completeness, stop) };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return report with { NotChecked = "stopped." };
        }
    }

    async Task<(LoadReport Report, IReadOnlyList<SentTrace> Sample)> SendAsync(TraceCorpus corpus, ServerWatch watch, CancellationToken stop)
    {
        var run = BinaryPrimitives.ReadUInt64LittleEndian(Guid.NewGuid().ToByteArray());
        var schedule = new LoadSchedule(corpus, run, options.SpansPerSecond is not null, options.SpanCount ?? long.MaxValue, TimeProvider.System);
        var tally = new LoadTally();
        var sender = new LoadSender(options.Target, corpus, schedule, tally);
        using var monitor = new LoadMonitor(sender, tally, watch, options.Interval, screen);
        var (clientBefore, before) = (Environment.CpuUsage.TotalTime, await monitor.StartAsync());
        await SendAsync(sender, stop);
        var (clientCpu, after) = (Environment.CpuUsage.TotalTime - clientBefore, await monitor.StopAsync());
        if (options.Settle > TimeSpan.Zero)
        {
            screen.Show($"giving the server {options.Settle.TotalSeconds:0} s to settle");
            await Task.Delay(options.Settle, CancellationToken.None);
        }

        var settled = await watch.ReadAsync(CancellationToken.None);
        var (latency, fromDue, reasons) = tally.Summarize();
        return (new LoadReport
        {
            Target = options.Target.ToString(), Connections = options.ConnectionCount, Rate = options.SpansPerSecond, Corpus = CorpusFigures.Of(corpus, options.Seed),
            Seconds = sender.Elapsed.TotalSeconds, Counts = tally.Counts, Reasons = reasons, Latency = latency, LatencyFromDue = options.SpansPerSecond is null ? null : fromDue,
            ClientCpuSeconds = clientCpu.TotalSeconds, ServerCpuSeconds = after.CpuSeconds - before.CpuSeconds,
            ServerCpuSecondsSettled = options.Settle > TimeSpan.Zero ? settled.CpuSeconds - before.CpuSeconds : null,
            ServerResidentBytesMax = Math.Max(monitor.ResidentBytesMax, settled.ResidentBytesMax ?? 0) is > 0 and var most ? most : null,
            Store = settled.Store, Intervals = monitor.Rows,
        }, schedule.Sample(Math.Max(options.LookUpCount, options.SearchRepeatCount)));
    }

    async Task SendAsync(LoadSender sender, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var abandon = new CancellationTokenSource();
        await using var registration = end.Token.Register(() => abandon.CancelAfter(Grace));
        if (options.Duration is { } duration)
            end.CancelAfter(duration);
        await sender.RunAsync(options.ConnectionCount, end.Token, abandon.Token);
    }

    // Looking up by id is the first kind of question.
    async Task<IReadOnlyList<SearchKindResult>> SearchAsync(JaegerClient jaeger, IReadOnlyList<SentTrace> sample, Completeness lookUps, CancellationToken stop)
    {
        if (options.SearchRepeatCount == 0)
            return [];
        screen.Show("searching");
        var found = (double)(lookUps.LookedUp - lookUps.Missing) / lookUps.LookedUp;
        var byId = new SearchKindResult("trace by id", lookUps.Latency, Math.Round(found, 2), 0, 0, 0, "");
        return [byId, .. await new SearchRun(jaeger).RunAsync(sample, options.SearchRepeatCount, stop)];
    }

    // A request without spans: every receiver takes it.
    async Task CheckReceiverAsync(CancellationToken cancellation)
    {
        using var connection = OtlpConnection.To(options.Target);
        var result = await connection.SendAsync(new byte[GrpcFrame.HeaderBytes], cancellation);
        var isGrpc = options.Target.Protocol == LoadProtocol.Grpc;
        if (result.Outcome is SendOutcome.Unanswered)
        {
            throw new CommandFailedException($"no answer from {options.Target} ({result.Reason}); start a server with 'clew serve', or name another receiver with --to URL"
                + (isGrpc ? ", and --protocol http for OTLP over HTTP." : ", and --protocol grpc for OTLP over gRPC."));
        }

        if (result.Outcome is SendOutcome.Failed)
        {
            var expected = isGrpc ? "gRPC, such as http://127.0.0.1:4317." : "HTTP, such as http://127.0.0.1:4318.";
            throw new CommandFailedException($"{options.Target} does not take traces ({result.Reason}); --to expects a receiver of OTLP over {expected}");
        }
    }

    /// <returns>Null where nobody was named and nobody answers, and why nothing is looked up then.</returns>
    async Task<(JaegerClient? Jaeger, string NotChecked)> ConnectQueryAsync(CancellationToken cancellation)
    {
        if (!options.IsChecked)
            return (null, "--query none.");
        var jaeger = new JaegerClient(options.Query ?? options.Target.GuessJaeger());
        var problem = await jaeger.FindProblemAsync(cancellation);
        if (problem.Length == 0)
            return (jaeger, "");
        jaeger.Dispose();
        return options.Query is null
            ? (null, $"no Jaeger query API at {options.Target.GuessJaeger()} ({problem}); --query URL names it.")
            : throw new CommandFailedException($"--query is {options.Query}: {problem}; {JaegerClient.AddressExpected}");
    }
}
