using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>Defaults of pod specs, alone and in templates.</summary>
internal static class PodDefaults
{
    /// <summary>The pod spec below the key, if there is one.</summary>
    public static void Apply(JsonObject holder, string key)
    {
        if (holder.Obj(key) is not { } spec)
        {
            return;
        }

        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (key == "spec" && holder.Str("kind") == "Pod")
        {
            spec.Default("enableServiceLinks", true);
        }

        if (spec.Str("serviceAccountName") is { } account)
        {
            spec.Default("serviceAccount", account);
        }

        foreach (var container in spec.Arr("containers").Objects().Concat(spec.Arr("initContainers").Objects()))
        {
            Container(container);
        }

        foreach (var volume in spec.Arr("volumes").Objects())
        {
            volume.Obj("configMap")?.Default("defaultMode", 420);
            volume.Obj("secret")?.Default("defaultMode", 420);
        }
    }

    private static void Container(JsonObject container)
    {
        var image = container.Str("image") ?? "";
        var latest = image.EndsWith(":latest", StringComparison.Ordinal) || (!image.Contains('@') && image.LastIndexOf(':') <= image.LastIndexOf('/'));
        container.Default("imagePullPolicy", latest ? "Always" : "IfNotPresent");
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        foreach (var port in container.Arr("ports").Objects())
        {
            port.Default("protocol", "TCP");
        }

        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Obj(probe) is { } found)
            {
                found.Default("timeoutSeconds", 1);
                found.Default("periodSeconds", 10);
                found.Default("successThreshold", 1);
                found.Default("failureThreshold", 3);
                found.Obj("httpGet")?.Default("path", "/");
                found.Obj("httpGet")?.Default("scheme", "HTTP");
            }
        }

        foreach (var variable in container.Arr("env").Objects())
        {
            variable.Obj("valueFrom", "fieldRef")?.Default("apiVersion", "v1");
        }
    }
}
