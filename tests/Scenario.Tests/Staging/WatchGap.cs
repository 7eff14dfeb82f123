using System.Net;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Cuts the product's watches and lets none begin until it is closed again. Everything else gets through.</summary>
internal sealed class WatchGap : DelegatingHandler
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _cut = new();
    private bool _isOpen;

    internal void Open()
    {
        lock (_gate)
        {
            _isOpen = true;
            _cut.Cancel();
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            _cut = new();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.RequestUri!.Query.Contains("watch=", StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        CancellationToken cut;
        lock (_gate)
        {
            if (_isOpen)
            {
                throw new HttpRequestException("the connection was cut");
            }

            cut = _cut.Token;
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            response.Content = new StreamContent(new Cuttable(await response.Content.ReadAsStreamAsync(cancellationToken), cut));
        }

        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cut.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads until it is cut, which looks like a connection that broke.</summary>
    private sealed class Cuttable(Stream stream, CancellationToken cut) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
            try
            {
                return await stream.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("the connection was cut", e);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
