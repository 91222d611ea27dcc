namespace Clew.Cli.Load.Corpus;

/// <summary>A running process of a simulated system: it has a resource and a batch of spans of its own.</summary>
/// <param name="Instance">The value of <c>service.instance.id</c>.</param>
/// <param name="Scope">Name of its instrumentation scope.</param>
internal sealed record ServiceInstance(string System, string Service, string Instance, string Version, string Scope)
{
    /// <summary>Instances <c>name-1</c>, <c>name-2</c> … of one service.</summary>
    public static ServiceInstance[] Several(string system, string service, string name, int count, string version, string scope) =>
        [.. Enumerable.Range(1, count).Select(number => new ServiceInstance(system, service, $"{name}-{number}", version, scope))];

    /// <summary>Services <c>name-1</c>, <c>name-2</c> … of one instance each.</summary>
    public static ServiceInstance[] Nodes(string system, string name, int count, string version, string scope) =>
        [.. Enumerable.Range(1, count).Select(number => new ServiceInstance(system, $"{name}-{number}", $"{name}-{number}", version, scope))];
}
