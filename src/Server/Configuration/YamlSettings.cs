using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Clew.Server.Configuration;

/// <summary>Reads settings from a YAML file: sections as mappings, or keys with dots; every value keeps its line.</summary>
internal static class YamlSettings
{
    public static void Bind(string path, SettingBinding binding)
    {
        try
        {
            using var text = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count > 1)
                binding.Report($"{path}: expected one YAML document, found {stream.Documents.Count}.");
            else if (stream.Documents.Count == 1)
                BindRoot(stream.Documents[0].RootNode, path, binding);
        }
        catch (YamlException broken)
        {
            ReportBroken(broken, path, binding);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            binding.Report($"{path}: no such file; name an existing one with --config, or leave it out to run with the defaults.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            binding.Report($"{path}: cannot be read: {unreadable.Message}");
        }
    }

    static void BindRoot(YamlNode root, string path, SettingBinding binding)
    {
        if (root is YamlMappingNode sections)
            BindMapping(sections, "", path, binding);
        else if (root is not YamlScalarNode { Value: null or "" })
            binding.Report($"{path}:{root.Start.Line}: expected sections such as 'listen:', found {Describe(root)}.");
    }

    static void BindMapping(YamlMappingNode mapping, string prefix, string path, SettingBinding binding)
    {
        foreach (var (name, value) in mapping.Children)
        {
            var key = prefix + (name as YamlScalarNode)?.Value;
            var origin = $"{path}:{name.Start.Line}";
            if (Settings.Find(key) is { } setting)
                BindValue(setting, value, origin, binding);
            else if (!Settings.IsSection(key))
                binding.ReportUnknown(key, origin, Settings.Nearest(key));
            else if (value is YamlMappingNode section)
                BindMapping(section, key + ".", path, binding);
            else if (value is not YamlScalarNode { Value: null or "" })
                binding.Report($"{origin}: {key} is a section with keys of its own, such as {FirstKeyOf(key)}; found {Describe(value)}.");
        }
    }

    static void BindValue(Setting setting, YamlNode value, string origin, SettingBinding binding)
    {
        switch (value)
        {
            case YamlScalarNode { Value: { Length: > 0 } text }:
                binding.Bind(setting.Key, text, origin);
                break;
            case YamlScalarNode { Value: "", Style: ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted } when setting.Default is "":
                binding.Bind(setting.Key, "", origin);
                break;
            case YamlScalarNode:
                binding.ReportWrong(setting.Key, $"{setting.Key} has no value; its default is {(setting.Default is "" ? "empty" : setting.Default)}: leave the line out for that.", origin);
                break;
            case YamlSequenceNode list when setting.IsList && list.Children.All(item => item is YamlScalarNode):
                binding.Bind(setting.Key, string.Join(',', list.Children.Select(item => ((YamlScalarNode)item).Value)), origin);
                break;
            default:
                binding.ReportWrong(setting.Key, $"{setting.Key} is {Describe(value)}; expected {setting.Expected}.", origin);
                break;
        }
    }

    // To YAML *:4317 is an alias, whose absence is noticed only at the end, and [::1]:4317 a list with something behind it.
    static void ReportBroken(YamlException broken, string path, SettingBinding binding)
    {
        var lines = File.ReadAllLines(path);
        var alias = broken is AnchorNotFoundException ? Array.FindIndex(lines, line => line.Contains(": *", StringComparison.Ordinal)) : -1;
        var line = alias >= 0 ? alias + 1 : (int)Math.Clamp(broken.Start.Line, 1, Math.Max(1, lines.Length));
        var isAddress = line <= lines.Length && lines[line - 1].AsSpan().IndexOfAny('*', '[') >= 0;
        binding.Report($"{path}:{line}: this is not valid YAML: {broken.Message.TrimEnd('.')}." + (isAddress ? " Put an address that begins with * or [ in quotes." : ""));
    }

    static string FirstKeyOf(string section) => Settings.All.First(setting => setting.Key.StartsWith(section + ".", StringComparison.Ordinal)).Key;

    static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => "something else",
    };
}
