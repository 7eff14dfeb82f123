using System.Text.Json.Serialization;
using CanaryFunctions.Core.Notifying;

namespace CanaryFunctions.Core;

/// <summary>The queue messages' JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StepMessage))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(Delivery))]
public sealed partial class MessageJson : JsonSerializerContext;
