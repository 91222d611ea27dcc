using Clew.Storage;

namespace Clew.Server;

/// <summary>Everything about a server that can be configured. Every value has a default that works on a laptop.</summary>
/// <remarks>The key of a value in <c>clew.yaml</c> is its path in snake case: <c>Listen.OtlpGrpc</c> is <c>listen.otlp_grpc</c>.</remarks>
public sealed record ClewOptions
{
    /// <summary>Where the server listens.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>What a stranger may cost: sizes, counts, times.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>Which web pages may send spans.</summary>
    public CorsOptions Cors { get; init; } = new();

    /// <summary>What queries may do.</summary>
    public QueryOptions Query { get; init; } = new();

    /// <summary>How the embedded store uses memory, disk and cores.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The folder that holds all data; created when missing. One process at a time. Default <c>./clew-data</c>.</summary>
    public string DataFolder { get; init; } = "./clew-data";

    /// <summary>Every problem of these values, each naming its key, its value and what is expected. Empty is good.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. Listen.Problems(),
        .. Limits.Problems(),
        .. Cors.Problems(),
        .. Query.Problems(),
        .. Storage.Problems(),
        .. string.IsNullOrWhiteSpace(DataFolder) ? ["data_folder is empty; give a folder such as ./clew-data."] : Array.Empty<string>(),
    ];
}
