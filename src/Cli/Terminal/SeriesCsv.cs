using System.Globalization;
using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>Time series, one sample a line; a column for each label that any of them has.</summary>
internal static class SeriesCsv
{
    public static void Write(MetricsAnswer answer, TextWriter output)
    {
        string[] names = [.. answer.Lines.SelectMany(line => line.Labels.Select(label => label.Name)).Distinct()];
        output.WriteLine(CsvText.Line(["time", .. names, "value"]));
        foreach (var line in answer.Lines)
        {
            string[] labels = [.. names.Select(name => line.Labels.FirstOrDefault(label => label.Name == name).Value ?? "")];
            for (var at = 0; at < line.Samples.Length; at++)
            {
                if (!double.IsNaN(line.Samples[at]))
                    output.WriteLine(CsvText.Line([TimeOf(answer.Times[at]), .. labels, line.Samples[at].ToString("R", CultureInfo.InvariantCulture)]));
            }
        }
    }

    static string TimeOf(UnixNanos time) => time.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
