namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>
/// A text that may live in a file which others replace: tokens, certificates. Read again at most once a minute; a watch on the file would miss
/// the way kubelets swap it (a symbolic link two levels up).
/// </summary>
internal sealed class CachedText
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly string? _path;
    private readonly string _place;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private string? _text;
    private DateTimeOffset _readAt;

    private CachedText(string? text, string? path, string place, TimeProvider time) => (_text, _path, _place, _time) = (text, path, place, time);

    public static CachedText Constant(string text) => new(text, null, "", TimeProvider.System);

    /// <param name="place">What names the file, for messages.</param>
    public static CachedText File(string path, string place, TimeProvider time) => new(null, path, place, time);

    /// <summary>The text as it was at most a minute ago.</summary>
    /// <exception cref="KubeConfigException">The file cannot be read, and never could.</exception>
    public string Get()
    {
        lock (_gate)
        {
            if (_path is null || (_text is not null && _time.GetUtcNow() - _readAt < MaxAge))
            {
                return _text!;
            }

            try
            {
                _text = System.IO.File.ReadAllText(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // While a file is being replaced the former text serves on; the server says when it is too old.
                _text = _text ?? throw new KubeConfigException($"{_place}: cannot read {_path}: {e.Message}", e);
            }

            _readAt = _time.GetUtcNow();
            return _text;
        }
    }

    /// <summary>The next <see cref="Get"/> reads the file.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            _readAt = DateTimeOffset.MinValue;
        }
    }
}
