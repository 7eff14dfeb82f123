using System.Buffers;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>A request's body in a buffer that is used again for the next one: reviews of large objects cost no memory of their own.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private PooledBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>Valid until it is disposed of.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads to the end. The server bounds how much that can be.</summary>
    /// <exception cref="BadHttpRequestException">The body is too large or did not arrive whole.</exception>
    public static async Task<PooledBody> ReadAsync(HttpRequest request, int limit)
    {
        // What a client announces is reserved only as far as it may come.
        var announced = Math.Min(request.ContentLength ?? FirstSize, limit);
        var body = new PooledBody((int)Math.Max(announced + 1, 1));
        try
        {
            await body.FillAsync(request.Body, request.HttpContext.RequestAborted);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task FillAsync(Stream stream, CancellationToken ct)
    {
        while (await stream.ReadAsync(_buffer.AsMemory(_length), ct) is > 0 and var read)
        {
            _length += read;
            if (_length == _buffer.Length)
            {
                Grow();
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
