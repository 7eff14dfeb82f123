using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>spec.provider</c>: an exact name; there is no built-in default.</summary>
internal static class ProviderRules
{
    /// <summary>The provider that applies; null when there is none or it is not a name.</summary>
    public static string? Check(SpecField spec, Catalog<ITrafficRouter> routers, CanaryOptions options)
    {
        var field = spec["provider"];
        var written = field.AsText();
        if (field.IsPresent && written is null)
        {
            return null;
        }

        if (!string.IsNullOrEmpty(written))
        {
            if (routers.Find(written) is null)
            {
                field.Report(NameHint.Unknown("a known provider", written, routers.Names));
            }

            return written;
        }

        if (string.IsNullOrEmpty(options.MeshProvider))
        {
            field.Report($"is missing and the install sets no default (setting mesh-provider); {NameHint.OneOf("", routers.Names)}");
            return null;
        }

        if (routers.Find(options.MeshProvider) is null)
        {
            field.Report($"is missing and the install's default '{options.MeshProvider}' (setting mesh-provider) {NameHint.Unknown("a known provider", options.MeshProvider, routers.Names)}");
        }

        return options.MeshProvider;
    }
}
