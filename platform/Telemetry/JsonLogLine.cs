using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Telemetry;

/// <summary>One line of the log. Each key stands there once: the first value counts.</summary>
internal sealed class JsonLogLine
{
    /// <summary>Log lines are read by people and jq, not by browsers: <c>&lt;</c>, <c>'</c> and letters beyond ASCII stay as they are.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<KeyValuePair<string, object?>> _fields = [];

    public void Add(string key, object? value)
    {
        if (!_fields.Exists(f => f.Key == key))
        {
            _fields.Add(new(key, value));
        }
    }

    /// <summary>Adds the named values of a log event or of a scope; a scope that is only text adds nothing.</summary>
    public void AddAll<TState>(TState state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> values)
        {
            return;
        }

        foreach (var (name, value) in values)
        {
            if (name.Length > 0 && name != "{OriginalFormat}")
            {
                // Placeholders are PascalCase by rule, keys of the log are not: {Canary} is canary.
                Add(char.ToLowerInvariant(name[0]) + name[1..], value);
            }
        }
    }

    public void AddScopes(IExternalScopeProvider scopes)
    {
        var inside = new Stack<object?>();
        scopes.ForEachScope(static (scope, stack) => stack.Push(scope), inside);   // from the outside in
        foreach (var scope in inside)
        {
            AddAll(scope);
        }
    }

    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in _fields)
            {
                Write(writer, key, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string key, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(key);
                break;
            case bool flag:
                writer.WriteBoolean(key, flag);
                break;
            case int number:
                writer.WriteNumber(key, number);
                break;
            case long number:
                writer.WriteNumber(key, number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(key, number);
                break;
            default:
                writer.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
