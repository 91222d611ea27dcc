using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>Parameters that have one value.</summary>
internal static class FirstValue
{
    /// <summary>The value of a parameter: the first where it is repeated, empty where it is not given.</summary>
    public static string First(this IQueryCollection query, string name) => query[name] is [{ } first, ..] ? first : "";
}
