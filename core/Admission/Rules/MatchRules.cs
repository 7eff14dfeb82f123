namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>service.match</c> (contracts/core.md 1.3): which requests the generated route is for.</summary>
internal static class MatchRules
{
    private const int MaxPort = 65535;

    private static readonly string[] Ways = ["exact", "prefix", "regex"];

    public static void Check(SpecField service)
    {
        foreach (var match in service["match"].AsListOfObjects())
        {
            match["name"].AsText();
            foreach (var part in (string[])["uri", "scheme", "method", "authority"])
            {
                match[part].AsMatch(Ways, isRequired: false);
            }

            foreach (var part in (string[])["headers", "withoutHeaders", "queryParams"])
            {
                match[part].AsMatches(Ways, isRequired: false);
            }

            match["port"].AsInteger(0, MaxPort);
            match["gateways"].AsListOfTexts();
            match["sourceLabels"].AsMapOfTexts();
            match["sourceNamespace"].AsNamespace();
            match["ignoreUriCase"].AsFlag();
        }
    }
}
