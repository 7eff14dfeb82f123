using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>One column of a kind's table: its heading and how its cell is read. Priority above 0 shows with `-o wide` only.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell, string Type = "string", int Priority = 0, string Format = "", string Description = "");
