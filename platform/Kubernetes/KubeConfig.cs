using System.Text;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Reads kubeconfigs as kubectl does: several files merged, the first one to name a thing wins.</summary>
internal static class KubeConfig
{
    /// <param name="withoutUser">Whoever connects has credentials of its own; the context's user may be one that could not be used.</param>
    /// <exception cref="KubeConfigException">A file, a context, a cluster or a user is missing or unusable.</exception>
    public static KubeConnection Load(KubeConfigSource source, TimeProvider time, bool withoutUser = false)
    {
        var files = Files(source);
        var origin = source.Text is null ? string.Join(", ", source.Files) : "(text)";
        var contextName = source.Context ?? files.Select(f => f.CurrentContext).FirstOrDefault(c => c is not null)
            ?? throw new KubeConfigException($"kubeconfig {origin} names no current-context.");
        var context = Find(files, "contexts", "context", contextName, origin);
        var clusterName = context.Text("cluster") ?? throw new KubeConfigException($"{context.Place}.cluster is missing.");
        var cluster = Find(files, "clusters", "cluster", clusterName, origin);
        var user = !withoutUser && context.Text("user") is { } userName ? Find(files, "users", "user", userName, origin) : null;
        return Connect(cluster, user, time) with { Namespace = context.Text("namespace") ?? "default" };
    }

    private static KubeConnection Connect(KubeConfigEntry cluster, KubeConfigEntry? user, TimeProvider time)
    {
        var server = cluster.Url("server") ?? throw new KubeConfigException($"{cluster.Place}.server is missing.");
        if (server.Scheme is not ("https" or "http"))
        {
            throw new KubeConfigException($"{cluster.Place}.server: '{server}' must begin with https:// or http://.");
        }

        var insecure = cluster.Flag("insecure-skip-tls-verify");
        var authority = cluster.Content("certificate-authority", time);
        if (insecure && authority is not null)
        {
            throw new KubeConfigException($"{cluster.Place}: insecure-skip-tls-verify and certificate-authority exclude each other.");
        }

        var roots = authority is null ? null : new TrustRoots(authority, $"{cluster.Place}.certificate-authority");
        roots?.Load();   // a broken authority is told of now, not as a failed handshake later
        return new KubeConnection(server)
        {
            Roots = roots,
            InsecureSkipVerify = insecure,
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = cluster.Url("proxy-url"),
            Credentials = user is null ? null : Credentials(user, cluster, time),
        };
    }

    private static IKubeCredentialSource? Credentials(KubeConfigEntry user, KubeConfigEntry cluster, TimeProvider time)
    {
        if (user.Map("exec") is { } exec)
        {
            return new ExecCredentials(ExecPlugin.Read(exec, cluster), time);
        }

        if (user.Map("auth-provider") is not null)
        {
            throw new KubeConfigException($"{user.Place}.auth-provider is no longer supported by Kubernetes; use exec.");
        }

        var certificate = user.Content("client-certificate", time);
        var key = user.Content("client-key", time);
        if ((certificate is null) != (key is null))
        {
            throw new KubeConfigException($"{user.Place}: client-certificate and client-key need each other.");
        }

        var (scheme, secret) = Secret(user, time);
        return secret is null && certificate is null ? null : new FileCredentials(scheme, secret, certificate, key, user.Place);
    }

    private static (string Scheme, CachedText? Secret) Secret(KubeConfigEntry user, TimeProvider time)
    {
        // As in client-go, a token file wins over a token, because it is the one that is renewed.
        if (user.FilePath("tokenFile") is { } file)
        {
            return ("Bearer", CachedText.File(file, $"{user.Place}.tokenFile", time));
        }

        if (user.Text("token") is { } token)
        {
            return ("Bearer", CachedText.Constant(token));
        }

        return user.Text("username") is { } name
            ? ("Basic", CachedText.Constant(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}"))))
            : ("", null);
    }

    private static List<KubeConfigFile> Files(KubeConfigSource source)
    {
        if (source.Text is { } text)
        {
            return [KubeConfigFile.Parse(text, source.Directory, "(text)")];
        }

        var files = new List<KubeConfigFile>();
        foreach (var path in source.Files)
        {
            try
            {
                files.Add(KubeConfigFile.Parse(File.ReadAllText(path), Path.GetDirectoryName(path) ?? "", path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KubeConfigException($"kubeconfig {path} cannot be read: {e.Message}", e);
            }
        }

        return files;
    }

    private static KubeConfigEntry Find(List<KubeConfigFile> files, string list, string section, string name, string origin)
        => files.Select(f => f.Find(list, section, name)).FirstOrDefault(e => e is not null)
            ?? throw new KubeConfigException($"kubeconfig {origin} has no {section} named '{name}'.");
}
