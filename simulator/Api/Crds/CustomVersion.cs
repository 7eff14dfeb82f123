using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Schemas;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>What a CustomResourceDefinition says about one served version.</summary>
internal sealed record CustomVersion(string Definition, Schema Schema, JsonObject? RawSchema, IReadOnlyList<PrinterColumn> Columns, WebhookConversion? Conversion);

/// <summary>One entry of additionalPrinterColumns.</summary>
internal sealed record PrinterColumn(string Name, string Type, string Format, string Description, int Priority, string Path);

/// <summary>spec.conversion with strategy Webhook.</summary>
internal sealed record WebhookConversion(JsonObject ClientConfig);
