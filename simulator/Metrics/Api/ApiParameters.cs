using System.Globalization;
using CanaryFunctions.Simulator.Metrics.PromQl;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>A request that Prometheus answers with 400 and <c>bad_data</c>.</summary>
internal sealed class BadDataException(string message) : Exception(message);

/// <summary>Parameters of a request, from the query string and, with POST, from the form.</summary>
internal sealed class ApiParameters
{
    private readonly IQueryCollection _query;
    private readonly IFormCollection? _form;

    private ApiParameters(IQueryCollection query, IFormCollection? form)
    {
        _query = query;
        _form = form;
    }

    public string this[string name] => All(name) is [{ } first, ..] ? first : "";

    public static async Task<ApiParameters> ReadAsync(HttpRequest request)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null;
        return new ApiParameters(request.Query, form);
    }

    public StringValues All(string name) => _form is not null && _form.TryGetValue(name, out var posted)
        ? StringValues.Concat(posted, _query[name])
        : _query[name];

    /// <summary>Wall-clock milliseconds, from Unix seconds or RFC 3339; the fallback where the parameter is missing.</summary>
    /// <exception cref="BadDataException">The value is neither; or it is missing and there is no fallback.</exception>
    public long TimeMs(string name, long? fallback)
    {
        var text = this[name];
        if (text.Length == 0 && fallback is { } missing)
        {
            return missing;
        }

        if (GoFloat.TryParse(text, out var seconds) && Math.Abs(seconds) < 1e13)
        {
            return (long)Math.Round(seconds * 1000);
        }

        return text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUnixTimeMilliseconds()
                : throw Invalid(name, $"{(fallback is null ? "" : $"Invalid time value for '{name}': ")}cannot parse {Quote(text)} to a valid timestamp");
    }

    /// <summary>Milliseconds, from seconds or a duration such as <c>1m</c>; null where the parameter is missing.</summary>
    /// <exception cref="BadDataException">The value is neither.</exception>
    public long? DurationMs(string name)
    {
        var text = this[name];
        if (text.Length == 0)
        {
            return null;
        }

        if (GoFloat.TryParse(text, out var seconds) && Math.Abs(seconds) < 1e9)
        {
            return (long)(seconds * 1000);
        }

        return NumberScanner.DurationMs(text) ?? throw Invalid(name, $"cannot parse {Quote(text)} to a valid duration");
    }

    public static BadDataException Invalid(string name, string problem) => new($"invalid parameter {Quote(name)}: {problem}");

    private static string Quote(string text) => $"\"{text}\"";
}
