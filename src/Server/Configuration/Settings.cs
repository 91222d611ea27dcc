using Clew.Model;
using Clew.Otlp;
using Clew.Storage;
using Clew.Storage.Buckets;
using Clew.Storage.Compaction;
using Clew.Storage.Retention;
using static Clew.Server.Configuration.SettingForms;

namespace Clew.Server.Configuration;

/// <summary>Every key there is. The options records hold the defaults; a test compares these bounds with what the records accept.</summary>
public static class Settings
{
    /// <summary>In the order of the sections.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. DataFolder(),
        .. Listen(),
        .. Limits(),
        .. Storage(),
        .. Tier("warm", storage => storage.Warm, (storage, tier) => storage with { Warm = tier }),
        .. Tier("cold", storage => storage.Cold, (storage, tier) => storage with { Cold = tier }),
        .. Query(),
        .. Cors(),
    ];

    static readonly Dictionary<string, Setting> ByKey = All.ToDictionary(setting => setting.Key, StringComparer.Ordinal);

    public static Setting? Find(string key) => ByKey.GetValueOrDefault(key);

    /// <summary>Whether <paramref name="path"/> is the name of a section, such as <c>limits</c>.</summary>
    internal static bool IsSection(string path) => All.Any(setting => setting.Key.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>The key, or section, that somebody most likely meant; null when nothing is near.</summary>
    internal static string? Nearest(string key)
    {
        // The right name in the wrong section, or without one, is nearer than any spelling.
        var last = key[(key.LastIndexOf('.') + 1)..];
        return All.FirstOrDefault(setting => setting.Key.EndsWith("." + last, StringComparison.Ordinal))?.Key
            ?? NearestName.Find(key, All.Select(setting => setting.Key).Concat(Sections()))
            ?? NearestName.Find(last, All.Select(setting => setting.Key[(setting.Key.LastIndexOf('.') + 1)..])) switch
            {
                null => null,
                var name => All.First(setting => setting.Key == name || setting.Key.EndsWith("." + name, StringComparison.Ordinal)).Key,
            };
    }

    internal static IEnumerable<string> Sections() =>
        All.Where(setting => setting.Key.Contains('.')).Select(setting => setting.Key[..setting.Key.LastIndexOf('.')]).Distinct();

    static Setting[] DataFolder() =>
    [
        Setting.Of(
            "data_folder", Folder, "Holds all data; created when missing. One process at a time.",
            options => options.DataFolder, (options, value) => options with { DataFolder = value }),
    ];

    static Setting[] Listen() =>
    [
        InListen("otlp_grpc", Address, "OTLP over gRPC. Port 0 takes a free one.", listen => listen.OtlpGrpc, (listen, value) => listen with { OtlpGrpc = value }),
        InListen("otlp_http", Address, "OTLP over HTTP, protobuf and JSON.", listen => listen.OtlpHttp, (listen, value) => listen with { OtlpHttp = value }),
        InListen("ui", Address, "Web UI, Jaeger and Clew APIs, health and metrics.", listen => listen.Ui, (listen, value) => listen with { Ui = value }),
        InListen("jaeger_grpc", Address, "Jaeger's query API over gRPC.", listen => listen.JaegerGrpc, (listen, value) => listen with { JaegerGrpc = value }),
        InListen("zipkin", Address, "Zipkin's API, version 2: spans in, queries out.", listen => listen.Zipkin, (listen, value) => listen with { Zipkin = value }),
        InListen("tempo", Address, "Tempo's API: HTTP, and streaming gRPC on the same port.", listen => listen.Tempo, (listen, value) => listen with { Tempo = value }),
        InListen(
            "allowed_hosts", List, "Host names under which the ports of the UI, of Tempo's API and of Zipkin's for queries may be asked, on whatever address they listen, besides localhost and IP addresses; * allows any.",
            listen => listen.AllowedHosts, (listen, value) => listen with { AllowedHosts = value }),
    ];

    static Setting[] Limits() =>
    [
        InLimits(
            "request_bytes_max", Size, "Bytes of one request, on the wire and again after decompression.",
            limits => limits.RequestBytesMax, (limits, value) => limits with { RequestBytesMax = value }, 1L << 10, 1L << 30),
        InLimits(
            "request_spans_max", Count, "Spans of one request.",
            limits => limits.RequestSpansMax, (limits, value) => limits with { RequestSpansMax = value }, 1, int.MaxValue),
        InLimits(
            "nesting_max", Count, "Levels of arrays and maps within an attribute's value.",
            limits => limits.NestingMax, (limits, value) => limits with { NestingMax = value }, 1, OtlpLimits.NestingBound),
        InLimits(
            "in_flight_bytes_max", Size, "Bytes of all requests being read, decompressed, decoded and stored at one time.",
            limits => limits.InFlightBytesMax, (limits, value) => limits with { InFlightBytesMax = value }, 4L << 10, long.MaxValue),
        InLimits(
            "concurrent_requests_max", Count, "Export requests handled at one time, all ports together.",
            limits => limits.ConcurrentRequestsMax, (limits, value) => limits with { ConcurrentRequestsMax = value }, 1, int.MaxValue),
        InLimits(
            "concurrent_queries_max", Count, "Queries handled at one time.",
            limits => limits.ConcurrentQueriesMax, (limits, value) => limits with { ConcurrentQueriesMax = value }, 1, int.MaxValue),
        InLimits(
            "connections_max", Count, "Open connections, per port.",
            limits => limits.ConnectionsMax, (limits, value) => limits with { ConnectionsMax = value }, 1, int.MaxValue),
        InLimits(
            "header_timeout", Duration, "How long a client may take to send the head of a request.",
            limits => limits.HeaderTimeout, (limits, value) => limits with { HeaderTimeout = value }, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        InLimits(
            "idle_timeout", Duration, "How long a connection may stay silent between requests.",
            limits => limits.IdleTimeout, (limits, value) => limits with { IdleTimeout = value }, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        InLimits(
            "body_bytes_per_second_min", SizeWithin2GiB, "Bytes per second below which a request's body is given up, after 5 s of grace; 0 waits for ever.",
            limits => limits.BodyBytesPerSecondMin, (limits, value) => limits with { BodyBytesPerSecondMin = value }, 0, 1 << 20),
        InLimits(
            "retry_after", Duration, "What a refused sender is told to wait before it tries again.",
            limits => limits.RetryAfter, (limits, value) => limits with { RetryAfter = value }, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
    ];

    static Setting[] Storage() =>
    [
        InStorage(
            "segment_bytes_max", Size, "A segment is closed, and sealed into a block, once it holds this many bytes, or its spans take a twelfth of head_bytes_max in memory.",
            storage => storage.SegmentBytesMax, (storage, value) => storage with { SegmentBytesMax = value }, 4L << 10, 1L << 30),
        InStorage(
            "segment_age_max", Duration, "A segment with spans in it is closed at this age even when it is not full.",
            storage => storage.SegmentAgeMax, (storage, value) => storage with { SegmentAgeMax = value }, TimeSpan.FromSeconds(1), TimeSpan.MaxValue),
        InStorage(
            "head_bytes_max", Size, "Memory for spans that are durable and not yet in a block; beyond half of it senders are slowed down, beyond it refused, retryably. At least four times segment_bytes_max.",
            storage => storage.HeadBytesMax, (storage, value) => storage with { HeadBytesMax = value }),
        InStorage(
            "in_flight_bytes_max", Size, "Bytes of encoded batches that may wait for the disk; beyond it appends are refused, retryably.",
            storage => storage.InFlightBytesMax, (storage, value) => storage with { InFlightBytesMax = value }, 1L << 20, long.MaxValue),
        InStorage(
            "flush_wait_millis", Count, "How long a flush waits for company, in milliseconds; 0 flushes as soon as the one before it is done.",
            storage => storage.FlushWaitMillis, (storage, value) => storage with { FlushWaitMillis = value }, 0, 5),
        InStorage(
            "free_bytes_min", Size, "Space that appends leave free on the disk. When little more is left the oldest spans go, or new ones are refused (storage.retention.when_full).",
            storage => storage.FreeBytesMin, (storage, value) => storage with { FreeBytesMin = value }, 0, long.MaxValue),
        InStorage(
            "row_group_rows", Count, "Spans per row group of a block: the unit of reading.",
            storage => storage.RowGroupRows, (storage, value) => storage with { RowGroupRows = value }, 16, 65_536),
        InStorage(
            "compression", Choice<BlockCompression>(), "What compresses blocks: auto is zstd where libzstd can be loaded, else lz4.",
            storage => storage.Compression, (storage, value) => storage with { Compression = value }),
        InStorage(
            "read_parallelism", Count, "Threads that may search and scan blocks at the same time. A query takes those that no other needs; others wait. As many again may read blocks in buckets. Default: the number of cores.",
            storage => storage.ReadParallelism, (storage, value) => storage with { ReadParallelism = value }, 1, 256),
        InStorage(
            "bucket_cache_bytes_max", Size, "Disk in the data folder for what was read of warm and cold blocks that are elsewhere.",
            storage => storage.BucketCacheBytesMax, (storage, value) => storage with { BucketCacheBytesMax = value }, 16L << 20, long.MaxValue),
        InStorage(
            "block_cache_bytes_max", Size, "Memory for the dictionaries and filters of blocks, kept from query to query.",
            storage => storage.BlockCacheBytesMax, (storage, value) => storage with { BlockCacheBytesMax = value }, 1L << 20, long.MaxValue),
        InStorage(
            "disk_bytes_max", Size, "Space for all spans on the disk, merging included; beyond it the oldest go, those of the latest level first. 0 takes what the disk has. At least eight times segment_bytes_max.",
            storage => storage.DiskBytesMax, (storage, value) => storage with { DiskBytesMax = value }),
        InRetention(
            "live_until", Duration, "Age, counted from arrival, up to which every span is there.",
            retention => retention.LiveUntil, (retention, value) => retention with { LiveUntil = value }, TimeSpan.FromSeconds(1), TimeSpan.MaxValue),
        InRetention(
            "kept_until", Duration, "Age up to which spans are in the second level, which keep rules may thin out. At least live_until; the same as it leaves the level out.",
            retention => retention.KeptUntil, (retention, value) => retention with { KeptUntil = value }),
        InRetention(
            "warm_until", Duration, "Age up to which spans are in the third level. At least kept_until.",
            retention => retention.WarmUntil, (retention, value) => retention with { WarmUntil = value }),
        InRetention(
            "cold_until", Duration, "Age at which spans are removed. At least warm_until.",
            retention => retention.ColdUntil, (retention, value) => retention with { ColdUntil = value }),
        InRetention(
            "when_full", Choice<WhenFull>(), "What happens when there is no space for more spans: expire removes the oldest ones and counts them, refuse takes no new ones until there is space.",
            retention => retention.WhenFull, (retention, value) => retention with { WhenFull = value }),
        InCompaction(
            "merge_blocks_min", Count, "So many blocks of about the same size are merged into one.",
            compaction => compaction.MergeBlocksMin, (compaction, value) => compaction with { MergeBlocksMin = value }, 2, 64),
        InCompaction(
            "block_bytes_max", Size, "Blocks are merged up to this size.",
            compaction => compaction.BlockBytesMax, (compaction, value) => compaction with { BlockBytesMax = value }, 4L << 10, 16L << 30),
        InCompaction(
            "memory_bytes_max", Size, "Memory for what a merge has open: half for row groups, half for dictionaries; blocks whose dictionaries take more stay apart.",
            compaction => compaction.MemoryBytesMax, (compaction, value) => compaction with { MemoryBytesMax = value }, 1L << 20, long.MaxValue),
        InCompaction(
            "bytes_per_second_max", Size, "Bytes that merging reads and writes per second, a quarter of them while spans arrive; 0 is without a bound.",
            compaction => compaction.BytesPerSecondMax, (compaction, value) => compaction with { BytesPerSecondMax = value }, 0, long.MaxValue),
    ];

    static Setting[] Tier(string level, Func<StorageOptions, TierOptions> get, Func<StorageOptions, TierOptions, StorageOptions> with)
    {
        return
        [
            InTier(
                "directory", Text, $"An existing folder, such as a mounted disk, that holds {level} blocks instead of the data folder.",
                tier => tier.Directory, (tier, value) => tier with { Directory = value }),
            InS3(
                "bucket", $"An existing bucket, of AWS S3 or of a server that speaks its protocol, that holds {level} blocks instead of the data folder.",
                Text, s3 => s3.Bucket, (s3, value) => s3 with { Bucket = value }),
            InS3("endpoint", "Where the S3 server is, such as https://minio.example:9000; none is AWS.", Text, s3 => s3.Endpoint, (s3, value) => s3 with { Endpoint = value }),
            InS3(
                "region", "Region of the bucket; none takes AWS_REGION or the profile, or us-east-1 where an endpoint is given.",
                Text, s3 => s3.Region, (s3, value) => s3 with { Region = value }),
            InS3("prefix", "What all keys begin with, such as tracing/clew.", Text, s3 => s3.Prefix, (s3, value) => s3 with { Prefix = value }),
            InS3(
                "addressing", "Where the bucket's name stands: in the path, in the host, or auto: in the path where an endpoint is given.",
                Choice<S3Addressing>(), s3 => s3.Addressing, (s3, value) => s3 with { Addressing = value }),
            InS3(
                "access_key_id", "Key for the bucket; none takes AWS's own chain: environment, profile, web identity, role of the container or the machine.",
                Text, s3 => s3.AccessKeyId, (s3, value) => s3 with { AccessKeyId = value }),
            InS3("secret_access_key", "Belongs to access_key_id; never shown or logged. Better given as a variable than in a file.",
                SettingForms.Secret, s3 => s3.SecretAccessKey, (s3, value) => s3 with { SecretAccessKey = value }),
        ];

        Setting InTier<T>(string name, SettingForm<T> form, string description, Func<TierOptions, T> getValue, Func<TierOptions, T, TierOptions> withValue)
            where T : notnull =>
            InStorage($"{level}.{name}", form, description, storage => getValue(get(storage)), (storage, value) => with(storage, withValue(get(storage), value)));

        Setting InS3<T>(string name, string description, SettingForm<T> form, Func<S3Options, T> getValue, Func<S3Options, T, S3Options> withValue)
            where T : notnull =>
            InTier("s3." + name, form, description, tier => getValue(tier.S3), (tier, value) => tier with { S3 = withValue(tier.S3, value) });
    }

    static Setting[] Cors() =>
    [
        Setting.Of(
            "cors.allowed_origins", List, "Web pages that may send spans, such as https://shop.example; * stands for any text.",
            options => options.Cors.AllowedOrigins, (options, value) => options with { Cors = options.Cors with { AllowedOrigins = value } }),
    ];

    static Setting[] Query() =>
    [
        InQuery("traces_max", Count, "Traces that one search may ask for.", query => query.TracesMax, (query, value) => query with { TracesMax = value }, 1, int.MaxValue),
        InQuery(
            "clock_skew_max", Duration, "The Jaeger API moves a host's spans by at most this when its clock disagrees with the parent's; 0 never moves one.",
            query => query.ClockSkewMax, (query, value) => query with { ClockSkewMax = value }, TimeSpan.Zero, TimeSpan.MaxValue),
        InQuery(
            "timeout", Duration, "How long a TraceQL query may read; it then answers with what it has.",
            query => query.Timeout, (query, value) => query with { Timeout = value }, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        InQuery(
            "scanned_bytes_max", Size, "Stored, compressed bytes that a TraceQL query may read; it then answers with what it has.",
            query => query.ScannedBytesMax, (query, value) => query with { ScannedBytesMax = value }, 1L << 20, long.MaxValue),
        InQuery(
            "memory_bytes_max", Size, "Memory that a TraceQL query may take while it is answered, the traces that it fetches included; it then answers with what it has.",
            query => query.MemoryBytesMax, (query, value) => query with { MemoryBytesMax = value }, 64L << 10, long.MaxValue),
        InQuery(
            "memory_bytes_total_max", Size, "Memory that all queries at work may take together; one that needs more ends as if its own were used up.",
            query => query.MemoryBytesTotalMax, (query, value) => query with { MemoryBytesTotalMax = value }, 1L << 20, long.MaxValue),
        InQuery(
            "trace_bytes_max", Size, "Memory that a trace may take that is answered whole, some 300 to 600 bytes a span, and twice that while its parts are put together; larger ones are refused.",
            query => query.TraceBytesMax, (query, value) => query with { TraceBytesMax = value }, 64L << 10, long.MaxValue),
    ];

    static Setting InListen<T>(string name, SettingForm<T> form, string description, Func<ListenOptions, T> get, Func<ListenOptions, T, ListenOptions> with)
        where T : notnull =>
        Setting.Of("listen." + name, form, description, options => get(options.Listen), (options, value) => options with { Listen = with(options.Listen, value) });

    static Setting InLimits<T>(
        string name, SettingForm<T> form, string description, Func<LimitsOptions, T> get, Func<LimitsOptions, T, LimitsOptions> with, T min, T max)
        where T : notnull =>
        Setting.Of(
            "limits." + name, form, description, options => get(options.Limits), (options, value) => options with { Limits = with(options.Limits, value) }, min, max);

    static Setting InStorage<T>(
        string name, SettingForm<T> form, string description, Func<StorageOptions, T> get, Func<StorageOptions, T, StorageOptions> with,
        T? min = default, T? max = default)
        where T : notnull =>
        Setting.Of(
            "storage." + name, form, description, options => get(options.Storage), (options, value) => options with { Storage = with(options.Storage, value) }, min, max);

    static Setting InRetention<T>(
        string name, SettingForm<T> form, string description, Func<RetentionOptions, T> get, Func<RetentionOptions, T, RetentionOptions> with,
        T? min = default, T? max = default)
        where T : notnull =>
        InStorage(
            "retention." + name, form, description, storage => get(storage.Retention), (storage, value) => storage with { Retention = with(storage.Retention, value) }, min, max);

    static Setting InCompaction<T>(
        string name, SettingForm<T> form, string description, Func<CompactionOptions, T> get, Func<CompactionOptions, T, CompactionOptions> with, T min, T max)
        where T : notnull =>
        InStorage(
            "compaction." + name, form, description, storage => get(storage.Compaction), (storage, value) => storage with { Compaction = with(storage.Compaction, value) }, min, max);

    static Setting InQuery<T>(
        string name, SettingForm<T> form, string description, Func<QueryOptions, T> get, Func<QueryOptions, T, QueryOptions> with, T min, T max)
        where T : notnull =>
        Setting.Of("query." + name, form, description, options => get(options.Query), (options, value) => options with { Query = with(options.Query, value) }, min, max);
}
