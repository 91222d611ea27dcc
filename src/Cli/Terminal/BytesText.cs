using System.Globalization;

namespace Clew.Cli.Terminal;

/// <summary>Sizes for people to read: <c>812 B</c>, <c>4.02 KiB</c>, <c>1.25 GiB</c>.</summary>
internal static class BytesText
{
    static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1_023.5 && unit < Units.Length - 1; unit++)
            bytes /= 1_024;
        var format = unit == 0 || bytes >= 99.95 ? "0" : bytes < 9.995 ? "0.00" : "0.0";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
