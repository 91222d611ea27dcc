using System.Text.RegularExpressions;

namespace Clew.Server.Configuration;

/// <summary>Variables that begin with CLEW_ and are no settings of a server.</summary>
internal static partial class OtherVariables
{
    // CLEW_SERVER names a server to the command line; the rest is read by the tests, which start servers in their own environment.
    static readonly string[] Prefixes =
        ["CLEW_SERVER", "CLEW_BUFFER_", "CLEW_FUZZ_", "CLEW_KILL_", "CLEW_ROUNDTRIP_", "CLEW_SIM_", "CLEW_SUITE_", "CLEW_TEST_", "CLEW_WRITE_FIXTURE"];

    public static bool Include(string name) => Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) || ServiceLink().IsMatch(name);

    // Container platforms announce a service named "clew" or "clew-ui" to every program as CLEW_UI_SERVICE_HOST, CLEW_PORT, CLEW_PORT_4317_TCP_ADDR.
    [GeneratedRegex("^CLEW(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex ServiceLink();
}
