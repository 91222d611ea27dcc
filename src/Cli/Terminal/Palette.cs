namespace Clew.Cli.Terminal;

/// <summary>Colours by meaning. Without colours every method gives back its text: nothing may be told by colour alone.</summary>
internal sealed class Palette(bool isColoured)
{
    static readonly int[] ServiceColours = [36, 33, 35, 34, 32, 96, 93, 95, 94, 92];

    public string Error(string text) => Paint(text, 31);

    public string Warning(string text) => Paint(text, 33);

    public string Dim(string text) => Paint(text, 2);

    public string Strong(string text) => Paint(text, 1);

    /// <summary>The same colour for a service wherever it appears, in this trace and the next; never the colour of errors.</summary>
    public string Service(string service, string text)
    {
        var hash = 2166136261u; // FNV-1a: string.GetHashCode differs from run to run.
        foreach (var letter in service)
            hash = (hash ^ letter) * 16777619u;
        return Paint(text, ServiceColours[hash % (uint)ServiceColours.Length]);
    }

    /// <summary>Whether colours show at all.</summary>
    public bool IsColoured => isColoured;

    /// <summary>The colour of one of several lines of a chart.</summary>
    public string Line(int index, string text) => Paint(text, ServiceColours[index % ServiceColours.Length]);

    string Paint(string text, int code) => isColoured && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
