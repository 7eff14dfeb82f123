namespace CanaryFunctions.Core.Admission.Rules;

/// <summary><c>analysis.sessionAffinity</c> (contracts/core.md 1.5): cookies that browsers take.</summary>
internal static class AffinityRules
{
    public static void Check(SpecField affinity)
    {
        var cookie = affinity["cookieName"].AsRequiredText("give the cookie's name");
        CheckToken(affinity["cookieName"], cookie);
        var primary = affinity["primaryCookieName"].AsText();
        CheckToken(affinity["primaryCookieName"], primary);
        if (cookie is not null && cookie == primary)
        {
            affinity["primaryCookieName"].Report("can't use the same cookie name for both primary and cookie name; please update them to be different.");
        }

        affinity["maxAge"].AsInteger(0);
        var sameSite = affinity["sameSite"].AsOneOf("a value of SameSite", ["Lax", "None", "Strict"]);
        affinity["domain"].AsText();
        if (affinity["path"].AsText() is { Length: > 0 } path && path[0] != '/')
        {
            affinity["path"].Report("must begin with '/'.");
        }

        affinity["httpOnly"].AsFlag();
        var isPartitioned = affinity["partitioned"].AsFlag() == true;
        if (affinity["secure"].AsFlag() != true && (sameSite == "None" || isPartitioned))
        {
            affinity[isPartitioned ? "partitioned" : "sameSite"].Warn(isPartitioned ? "true" : "None", "is ignored by browsers for a cookie that is not secure; set secure: true.");
        }
    }

    private static void CheckToken(SpecField field, string? name)
    {
        if (name is { Length: > 0 } && !HttpToken.Is(name))
        {
            field.Report("is no name of a cookie: letters, digits and any of !#$%&'*+-.^_`|~, without spaces.");
        }
    }
}
