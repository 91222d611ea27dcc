using System.Text;

namespace Clew.Otlp.Json;

/// <summary>Where in a document the decoder is: one level per open object or array.</summary>
internal sealed class JsonPosition
{
    Level[] _levels = new Level[32];
    int _depth;

    public ref Level Current => ref _levels[_depth - 1];

    public void Open(JsonNames? names, bool isNull)
    {
        if (_depth == _levels.Length)
            Array.Resize(ref _levels, _depth * 2);
        _levels[_depth++] = new Level { Names = names, At = -1, LastField = -1, IsNull = isNull };
    }

    public void Close() => _depth--;

    /// <summary>For example <c>resourceSpans[0].scopeSpans[0].spans[2].traceId</c>.</summary>
    public override string ToString()
    {
        var path = new StringBuilder();
        foreach (ref readonly var level in _levels.AsSpan(0, _depth))
        {
            if (level.At < 0)
                break;
            if (level.Names is null)
                path.Append('[').Append(level.At).Append(']');
            else
                path.Append(path.Length > 0 ? "." : "").Append(level.Names[level.At]);
        }

        return path.ToString();
    }

    public struct Level
    {
        /// <summary>The object's keys; none for an array.</summary>
        public JsonNames? Names;

        /// <summary>The current field or element; -1 before the first, and while an unknown key is passed over.</summary>
        public int At;

        /// <summary>The last known field, from where the next is looked up.</summary>
        public int LastField;

        /// <summary>A null stands here in place of the object or array: it has no fields.</summary>
        public bool IsNull;
    }
}
