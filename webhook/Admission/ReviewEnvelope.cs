using System.Text.Json;
using System.Text.Unicode;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>
/// What a review is about, read in one pass without building its objects: enough to tell that a write is none of ours, at a cost in memory that does not grow
/// with the object.
/// </summary>
internal sealed record ReviewEnvelope(string Uid, string Group, string Kind, string Namespace, string Name)
{
    /// <summary>Null when anything about the review is out of the ordinary: then it is read in full, which also says what is wrong.</summary>
    public static ReviewEnvelope? TryRead(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        try
        {
            return new Scan(body).Run();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a field of another type than it should have.
            return null;
        }
    }

    private ref struct Scan(ReadOnlySpan<byte> body)
    {
        private Utf8JsonReader _reader = new(body, new JsonReaderOptions { MaxDepth = ReviewJson.MaxDepth });
        private string? _apiVersion;
        private string? _reviewKind;
        private string? _uid;
        private string? _group;
        private string? _kind;
        private string? _namespace;
        private string? _name;
        private string? _objectName;
        private bool _hasRequest;
        private bool _hasOperation;
        private bool _hasObject;
        private bool _hasOldObject;
        private bool _isOdd;

        public ReviewEnvelope? Run()
        {
            _reader.Read();
            Enter();
            while (NextProperty())
            {
                Root();
            }

            // Nothing may follow; the reader throws at it.
            _reader.Read();
            var name = string.IsNullOrEmpty(_name) ? _objectName : _name;
            var isReview = _apiVersion == "admission.k8s.io/v1" && _reviewKind == "AdmissionReview" && _hasOperation && !_isOdd;
            return isReview && !string.IsNullOrEmpty(_uid) && !string.IsNullOrEmpty(_kind) && !string.IsNullOrEmpty(name)
                ? new(_uid, _group ?? "", _kind, _namespace ?? "", name)
                : null;
        }

        private void Root()
        {
            if (_reader.ValueTextEquals("apiVersion"u8))
            {
                Text(ref _apiVersion);
            }
            else if (_reader.ValueTextEquals("kind"u8))
            {
                Text(ref _reviewKind);
            }
            else if (_reader.ValueTextEquals("request"u8))
            {
                Once(ref _hasRequest);
                _reader.Read();
                Enter();
                while (NextProperty())
                {
                    Request();
                }
            }
            else
            {
                _reader.Skip();
            }
        }

        private void Request()
        {
            if (_reader.ValueTextEquals("uid"u8))
            {
                Text(ref _uid);
            }
            else if (_reader.ValueTextEquals("kind"u8))
            {
                KindOfObject();
            }
            else if (_reader.ValueTextEquals("namespace"u8))
            {
                Text(ref _namespace);
            }
            else if (_reader.ValueTextEquals("name"u8))
            {
                Text(ref _name);
            }
            else if (_reader.ValueTextEquals("operation"u8))
            {
                Operation();
            }
            else if (_reader.ValueTextEquals("object"u8))
            {
                Once(ref _hasObject);
                Object();
            }
            else if (_reader.ValueTextEquals("oldObject"u8))
            {
                Once(ref _hasOldObject);
                _reader.Read();
                _isOdd |= _reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null);
                _reader.Skip();
            }
            else
            {
                _reader.Skip();
            }
        }

        private void KindOfObject()
        {
            _reader.Read();
            Enter();
            while (NextProperty())
            {
                if (_reader.ValueTextEquals("group"u8))
                {
                    Text(ref _group);
                }
                else if (_reader.ValueTextEquals("kind"u8))
                {
                    Text(ref _kind);
                }
                else
                {
                    _reader.Skip();
                }
            }
        }

        private void Operation()
        {
            Once(ref _hasOperation);
            _reader.Read();
            _isOdd |= !(_reader.ValueTextEquals("CREATE"u8) || _reader.ValueTextEquals("UPDATE"u8) || _reader.ValueTextEquals("DELETE"u8) || _reader.ValueTextEquals("CONNECT"u8));
        }

        // Older API servers leave the name of an object that is created to the object.
        private void Object()
        {
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.Null)
            {
                return;
            }

            Enter();
            while (NextProperty())
            {
                if (_reader.ValueTextEquals("metadata"u8))
                {
                    Metadata();
                }
                else
                {
                    _reader.Skip();
                }
            }
        }

        private void Metadata()
        {
            _reader.Read();
            Enter();
            while (NextProperty())
            {
                if (_reader.ValueTextEquals("name"u8))
                {
                    Text(ref _objectName);
                }
                else
                {
                    _reader.Skip();
                }
            }
        }

        private readonly void Enter()
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("not an object");
            }
        }

        private bool NextProperty() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

        // A key that comes twice would be read by two readers in two ways.
        private void Text(ref string? field)
        {
            _reader.Read();
            _isOdd |= field is not null;
            field = _reader.GetString() ?? "";
        }

        private void Once(ref bool seen)
        {
            _isOdd |= seen;
            seen = true;
        }
    }
}
