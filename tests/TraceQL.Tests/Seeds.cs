using System.Globalization;

namespace Clew.TraceQL.Tests;

/// <summary>Random numbers that can be had again: the environment variable named in the failure repeats it.</summary>
static class Seeds
{
    public static int Of(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    public static int Count(string variable, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var count) ? count : standard;
}
