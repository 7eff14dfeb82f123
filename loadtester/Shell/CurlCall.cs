using System.Net;
using System.Text;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>One curl command, as far as the guides' tasks use it.</summary>
internal sealed record CurlCall
{
    private static readonly (string Name, string Value)[] Defaults =
        [("User-Agent", "curl/8.0.0"), ("Accept", "*/*"), ("Content-Type", "application/x-www-form-urlencoded")];

    public Uri? Url { get; private set; }

    public string? Method { get; private set; }

    public string? Data { get; private set; }

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>-f: a status from 400 on is exit code 22 and no output.</summary>
    public bool FailOnError { get; private set; }

    /// <summary>-s without -S: curl's own errors are not printed.</summary>
    public bool Silent { get; private set; }

    public bool ShowError { get; private set; }

    public bool FollowRedirects { get; private set; }

    public bool Insecure { get; private set; }

    /// <summary>-o /dev/null: the body is not printed.</summary>
    public bool Discard { get; private set; }

    /// <summary>-m, in seconds; null is none.</summary>
    public double? MaxSeconds { get; private set; }

    /// <summary>The words after <c>curl</c>; null when they ask for more than is understood here.</summary>
    public static CurlCall? Parse(IReadOnlyList<string> words)
    {
        var call = new CurlCall();
        for (var i = 0; i < words.Count; i++)
        {
            if (!call.Take(words[i], i + 1 < words.Count ? words[i + 1] : null, out var usedNext))
            {
                return null;
            }

            i += usedNext ? 1 : 0;
        }

        return call.Url is null ? null : call;
    }

    /// <summary>The request; POST as soon as there is data, as curl does.</summary>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(new(Method ?? (Data is null ? "GET" : "POST")), Url)
        {
            Version = HttpVersion.Version11,
            Content = Data is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(Data)),
        };
        foreach (var (name, value) in Headers.Concat(Defaults.Where(d => !Headers.Exists(h => IsSame(h.Name, d.Name)))))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>False when the word is not understood.</summary>
    private bool Take(string word, string? next, out bool usedNext)
    {
        usedNext = false;
        if (word.Length < 2 || word[0] != '-')
        {
            return SetUrl(word);
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            return ShortFor(word) is { } letter && Apply(letter, next, out usedNext);
        }

        for (var i = 1; i < word.Length; i++)
        {
            // A letter that takes a value takes the rest of its word, or the next word.
            var rest = i + 1 < word.Length ? word[(i + 1)..] : null;
            if (!Apply(word[i], rest ?? next, out var usedValue))
            {
                return false;
            }

            if (usedValue)
            {
                usedNext = rest is null;
                return true;
            }
        }

        return true;
    }

    private static char? ShortFor(string word) => word switch
    {
        "--silent" => 's',
        "--show-error" => 'S',
        "--fail" => 'f',
        "--location" => 'L',
        "--insecure" => 'k',
        "--data" => 'd',
        "--header" => 'H',
        "--request" => 'X',
        "--output" => 'o',
        "--max-time" => 'm',
        _ => null,
    };

    private bool Apply(char letter, string? value, out bool usedValue)
    {
        usedValue = letter is 'd' or 'H' or 'X' or 'o' or 'm';
        return usedValue ? value is not null && ApplyValue(letter, value) : ApplySwitch(letter);
    }

    private bool ApplySwitch(char letter)
    {
        Silent |= letter == 's';
        ShowError |= letter == 'S';
        FailOnError |= letter == 'f';
        FollowRedirects |= letter == 'L';
        Insecure |= letter == 'k';
        return letter is 's' or 'S' or 'f' or 'L' or 'k';
    }

    private bool ApplyValue(char letter, string value)
    {
        switch (letter)
        {
            case 'd' when !value.StartsWith('@'):
                Data = Data is null ? value : $"{Data}&{value}";
                return true;
            case 'H' when value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon:
                Headers.Add((value[..colon], value[(colon + 1)..].Trim()));
                return true;
            case 'X' when value.Length > 0 && value.All(char.IsAsciiLetter):
                Method = value;
                return true;
            case 'o' when value == "/dev/null":
                Discard = true;
                return true;
            case 'm' when double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                MaxSeconds = seconds;
                return true;
            default:
                return false;
        }
    }

    private bool SetUrl(string word)
    {
        var text = word.Contains("://", StringComparison.Ordinal) ? word : "http://" + word;
        if (Url is not null || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            return false;
        }

        Url = url;
        return true;
    }
}
