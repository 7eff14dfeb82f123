using System.Globalization;

namespace CanaryFunctions.Simulator.Network;

/// <summary>A Service's port as others refer to it: by number, or by name.</summary>
public readonly record struct ServicePort(int Number, string? Name)
{
    /// <summary>The only port of a Service that has one port; of another Service none.</summary>
    public static ServicePort Only { get; } = new(-1, null);

    public static ServicePort OfNumber(int number) => new(number, null);

    public static ServicePort OfName(string name) => new(0, name);

    /// <summary>Reads <c>80</c> or <c>http</c>.</summary>
    public static ServicePort Parse(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? OfNumber(number) : OfName(text);

    public override string ToString() => Name ?? (this == Only ? "(the only one)" : Number.ToString(CultureInfo.InvariantCulture));
}
