using System.Globalization;
using System.Xml.Linq;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>A message as the service lends it (contracts/azure-keda.md 3.1).</summary>
/// <param name="Text">As it is on the queue: base64.</param>
/// <param name="Receipt">Names this loan; each renewal gives another.</param>
internal sealed record StorageMessage(string Id, string Text, string Receipt, int DequeueCount)
{
    /// <exception cref="FormatException">Something is missing.</exception>
    public static StorageMessage From(XElement element)
    {
        string Required(string name) => (string?)element.Element(name) ?? throw new FormatException($"a message without {name}");

        return new StorageMessage(
            Required("MessageId"), Required("MessageText"), Required("PopReceipt"), int.Parse(Required("DequeueCount"), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
