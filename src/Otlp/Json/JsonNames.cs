using System.Text;

namespace Clew.Otlp.Json;

/// <summary>The keys of one OTLP/JSON object; a field is known by its index here.</summary>
internal sealed class JsonNames(params string[] names)
{
    readonly byte[][] _wire = [.. names.Select(Encoding.UTF8.GetBytes)];

    public string this[int field] => names[field];

    /// <summary>Finds a key, looking first where the one after the last is: senders write the fields in order.</summary>
    /// <returns>Its index; -1 for a key that OTLP does not have.</returns>
    public int IndexOf(ReadOnlySpan<byte> key, int last)
    {
        for (var tries = 0; tries < _wire.Length; tries++)
        {
            if (++last >= _wire.Length)
                last = 0;
            if (key.SequenceEqual(_wire[last]))
                return last;
        }

        return -1;
    }
}
