using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Cel;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>Checks of a Mutating- or ValidatingWebhookConfiguration when it is written.</summary>
internal static class WebhookRules
{
    public static IEnumerable<FieldError> Check(JsonObject configuration)
        => configuration.Arr("webhooks").Objects().Index().SelectMany(w => CheckOne(w.Item, $"webhooks[{w.Index}]"));

    private static IEnumerable<FieldError> CheckOne(JsonObject hook, string at)
    {
        if (string.IsNullOrEmpty(hook.Str("name")))
        {
            yield return FieldError.Required($"{at}.name");
        }
        else if (hook.Str("name")!.Split('.').Length < 3)
        {
            yield return FieldError.Invalid($"{at}.name", hook["name"], "should be a domain with at least three segments separated by dots");
        }

        if (!hook.Arr("admissionReviewVersions").Strings().Contains("v1"))
        {
            yield return FieldError.Invalid($"{at}.admissionReviewVersions", hook["admissionReviewVersions"], "must include at least one of v1");
        }

        if (hook.Str("sideEffects") is not ("None" or "NoneOnDryRun"))
        {
            yield return hook["sideEffects"] is { } given
                ? FieldError.NotSupported($"{at}.sideEffects", given, ["\"None\"", "\"NoneOnDryRun\""])
                : FieldError.Required($"{at}.sideEffects", "must specify one of None, NoneOnDryRun");
        }

        if (hook.Str("failurePolicy") is not ("Fail" or "Ignore"))
        {
            yield return FieldError.NotSupported($"{at}.failurePolicy", hook["failurePolicy"], ["\"Fail\"", "\"Ignore\""]);
        }

        if (hook.Int("timeoutSeconds") is null or < 1 or > 30)
        {
            yield return FieldError.Invalid($"{at}.timeoutSeconds", hook["timeoutSeconds"], "the timeout value must be between 1 and 30 seconds");
        }

        foreach (var error in ClientConfig(hook.Obj("clientConfig"), $"{at}.clientConfig").Concat(Conditions(hook, at)).Concat(Rules(hook, at)))
        {
            yield return error;
        }
    }

    /// <summary>Also holds for a definition's conversion webhook.</summary>
    public static IEnumerable<FieldError> ClientConfig(JsonObject? config, string at)
    {
        var url = config.Str("url");
        if ((url is null) == (config.Obj("service") is null))
        {
            yield return FieldError.Required(at, "exactly one of url or service is required");
        }
        else if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps))
        {
            yield return FieldError.Invalid($"{at}.url", url, "'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }
    }

    private static IEnumerable<FieldError> Conditions(JsonObject hook, string at)
    {
        foreach (var (i, condition) in hook.Arr("matchConditions").Objects().Index())
        {
            var problem = "";
            try
            {
                CelExpression.Parse(condition.Str("expression") ?? "");
            }
            catch (FormatException e)
            {
                problem = e.Message;
            }

            if (problem.Length > 0)
            {
                yield return FieldError.Invalid($"{at}.matchConditions[{i}].expression", condition["expression"], $"compilation failed: {problem}");
            }
        }
    }

    private static IEnumerable<FieldError> Rules(JsonObject hook, string at)
    {
        foreach (var (i, rule) in hook.Arr("rules").Objects().Index())
        {
            foreach (var field in ((string[])["operations", "apiGroups", "apiVersions", "resources"]).Where(f => rule.Arr(f) is null or { Count: 0 }))
            {
                yield return FieldError.Required($"{at}.rules[{i}].{field}");
            }

            foreach (var operation in rule.Arr("operations").Strings().Where(o => o is not ("*" or "CREATE" or "UPDATE" or "DELETE" or "CONNECT")))
            {
                yield return FieldError.NotSupported($"{at}.rules[{i}].operations", operation, ["\"*\"", "\"CREATE\"", "\"UPDATE\"", "\"DELETE\"", "\"CONNECT\""]);
            }
        }
    }
}
