using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Authorization;

namespace CanaryFunctions.Simulator.Tests.Api;

/// <summary>Who may do what is decided by the stored roles and bindings, and refused in a real server's words.</summary>
public sealed class AuthorizationTests : ApiTest
{
    private const string Secrets = "/api/v1/namespaces/default/secrets";
    private const string ClusterRoles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    private const string ClusterRoleBindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    private const string Roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
    private const string RoleBindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";
    private const string Reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private static readonly ApiUser Bot = ApiUser.ServiceAccount("default", "bot");

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps/a", "configmaps \"a\" is forbidden: User \"{0}\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", "/apis/apps/v1/deployments", "deployments.apps is forbidden: User \"{0}\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope")]
    [InlineData("GET", "/apis/apps/v1/deployments?watch=true", "deployments.apps is forbidden: User \"{0}\" cannot watch resource \"deployments\" in API group \"apps\" at the cluster scope")]
    [InlineData("PUT", "/apis/flagger.app/v1beta1/namespaces/default/canaries/a/status", "canaries.flagger.app \"a\" is forbidden: User \"{0}\" cannot update resource \"canaries/status\" in API group \"flagger.app\" in the namespace \"default\"")]
    [InlineData("GET", "/api/v1/namespaces/default", "namespaces \"default\" is forbidden: User \"{0}\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"")]
    [InlineData("DELETE", "/api/v1/nodes/n", "nodes \"n\" is forbidden: User \"{0}\" cannot delete resource \"nodes\" in API group \"\" at the cluster scope")]
    [InlineData("GET", "/apis/none.example.com/v1/things", "things.none.example.com is forbidden: User \"{0}\" cannot list resource \"things\" in API group \"none.example.com\" at the cluster scope")]
    [InlineData("GET", "/metrics", "forbidden: User \"{0}\" cannot get path \"/metrics\"")]
    public async Task UserWithoutRights_IsRefusedInTheServersWords(string method, string path, string message)
    {
        var answer = await AsAsync(Bot, method, path);

        answer.Code.ShouldBe(403);
        answer.Reason.ShouldBe("Forbidden");
        answer.Message.ShouldBe(string.Format(null, message, Bot.Name));
        Server.Refusals.ShouldHaveSingleItem().ShouldBe(new AccessRefusal(Bot.Name, answer.Message));
    }

    [Fact]
    public async Task EveryAuthenticatedUser_MayAskWhatIsServed_AndWhatItMayDo()
    {
        foreach (var path in (string[])["/api", "/api/v1", "/apis", "/apis/apps/v1", "/openapi/v3", "/version"])
        {
            (await AsAsync(Bot, "GET", path)).Code.ShouldBe(200, path);
        }

        (await CanAsync(Bot, "verb: list, resource: secrets")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("configmaps", "[get]", "", "GET", "configmaps/a", true)]
    [InlineData("configmaps", "[get]", "", "GET", "configmaps", false)]
    [InlineData("configmaps", "[list]", "", "GET", "configmaps", true)]
    [InlineData("configmaps", "[list]", "", "GET", "configmaps?watch=1", false)]
    [InlineData("configmaps", "['*']", "", "GET", "configmaps?watch=1", true)]
    [InlineData("configmaps", "[get]", "", "GET", "secrets/a", false)]
    [InlineData("'*'", "[get]", "", "GET", "secrets/a", true)]
    [InlineData("'*'", "[get]", "", "GET", "pods/a/log", true)]
    [InlineData("pods", "[get]", "", "GET", "pods/a/log", false)]
    [InlineData("pods/log", "[get]", "", "GET", "pods/a/log", true)]
    [InlineData("pods/log", "[get]", "", "GET", "pods/a", false)]
    [InlineData("'*/log'", "[get]", "", "GET", "pods/a/log", true)]
    [InlineData("configmaps", "[get, delete]", "[a]", "GET", "configmaps/a", true)]
    [InlineData("configmaps", "[get, delete]", "[a]", "GET", "configmaps/b", false)]
    [InlineData("configmaps", "[list]", "[a]", "GET", "configmaps", false)]
    [InlineData("configmaps", "[list]", "[a]", "GET", "configmaps?fieldSelector=metadata.name%3Da", true)]
    [InlineData("configmaps", "[list]", "[a]", "GET", "configmaps?fieldSelector=metadata.name%3Db", false)]
    [InlineData("configmaps", "[create]", "[a]", "POST", "configmaps", false)]
    public async Task Rule_AllowsWhatItSays_AndNothingElse(string resource, string verbs, string names, string method, string path, bool allowed)
    {
        var rule = $$"""{apiGroups: [""], resources: [{{resource}}], verbs: {{verbs}} {{(names.Length > 0 ? $", resourceNames: {names}" : "")}}}""";
        await CreateAsync(Roles, Role("Role", rule));
        await CreateAsync(RoleBindings, Binding("RoleBinding", "Role", "{kind: ServiceAccount, name: bot, namespace: default}"));

        var answer = await AsAsync(Bot, method, $"/api/v1/namespaces/default/{path}", "{}", abort: path.Contains("watch", StringComparison.Ordinal));

        (answer.Code != 403).ShouldBe(allowed, answer.Text);
    }

    [Fact]
    public async Task RoleBinding_CountsInItsNamespaceOnly_ClusterRoleBindingEverywhere()
    {
        await CreateAsync(ClusterRoles, Role("ClusterRole", "{apiGroups: [''], resources: [configmaps], verbs: [list]}"));
        await CreateAsync(RoleBindings, Binding("RoleBinding", "ClusterRole", "{kind: User, name: jo}"));
        var jo = new ApiUser("jo", ["system:authenticated"]);

        (await AsAsync(jo, "GET", ConfigMaps)).Code.ShouldBe(200);
        (await AsAsync(jo, "GET", "/api/v1/namespaces/kube-system/configmaps")).Code.ShouldBe(403);
        (await AsAsync(jo, "GET", "/api/v1/configmaps")).Code.ShouldBe(403);

        await CreateAsync(ClusterRoleBindings, Binding("ClusterRoleBinding", "ClusterRole", "{kind: Group, name: people}"));
        (await AsAsync(jo, "GET", "/api/v1/configmaps")).Code.ShouldBe(403);
        (await AsAsync(jo with { Groups = ["people"] }, "GET", "/api/v1/configmaps")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task RightsThatAreTaken_AreGoneAtOnce()
    {
        await CreateAsync(Roles, Role("Role", "{apiGroups: [''], resources: [configmaps], verbs: [list]}"));
        await CreateAsync(RoleBindings, Binding("RoleBinding", "Role", "{kind: User, name: jo}"));
        var jo = new ApiUser("jo", []);
        (await AsAsync(jo, "GET", ConfigMaps)).Code.ShouldBe(200);

        await DeleteAsync($"{Roles}/r");

        var answer = await AsAsync(jo, "GET", ConfigMaps);
        answer.Code.ShouldBe(403);
        answer.Message.ShouldEndWith("in the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"r\" not found");
    }

    [Fact]
    public async Task Paths_AreAllowedByTheirBeginning()
    {
        await CreateAsync(ClusterRoles, Role("ClusterRole", "{nonResourceURLs: [/metrics/*], verbs: [get]}"));
        await CreateAsync(ClusterRoleBindings, Binding("ClusterRoleBinding", "ClusterRole", "{kind: User, name: jo}"));
        var jo = new ApiUser("jo", []);

        (await AsAsync(jo, "GET", "/metrics/slis")).Code.ShouldBe(404, "allowed, and nothing is served there");
        (await AsAsync(jo, "GET", "/metrics")).Code.ShouldBe(403);
        (await AsAsync(jo, "POST", "/metrics/slis")).Code.ShouldBe(403);
    }

    [Fact]
    public async Task UsedRights_AreToldAsTheRulesSpellThem()
    {
        await CreateAsync(Roles, Role("Role", "{apiGroups: ['', apps], resources: [configmaps, secrets], verbs: [get, list, '*']}, {apiGroups: ['*'], resources: [secrets], resourceNames: [a, b], verbs: [update]}"));
        await CreateAsync(RoleBindings, Binding("RoleBinding", "Role", "{kind: ServiceAccount, name: bot}"));
        await AsAsync(Bot, "GET", $"{ConfigMaps}/a");
        await AsAsync(Bot, "GET", $"{ConfigMaps}/b");
        await AsAsync(Bot, "DELETE", $"{ConfigMaps}/b");
        await AsAsync(Bot, "PUT", $"{Secrets}/b", "{}");
        (await CanAsync(Bot, "verb: list, resource: secrets, namespace: default")).ShouldBeTrue();
        await GetAsync(ConfigMaps);

        Server.UsedRights.Where(r => r.Role == "Role/default/r").Select(r => $"{r.Verb} {r.Resource}{r.Name}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "* configmaps",
            "* secrets",
            "get configmaps",
        ], Case.Sensitive, "a question is no use, and an administrator needs no rule");
    }

    [Fact]
    public async Task OneWhoMayImpersonate_IsJudgedAsWhomItActsFor()
    {
        await CreateAsync(ClusterRoles, Role("ClusterRole", "{apiGroups: [''], resources: [configmaps], verbs: [list]}"));
        await CreateAsync(ClusterRoleBindings, Binding("ClusterRoleBinding", "ClusterRole", "{kind: Group, name: 'system:serviceaccounts:default'}"));

        (await AsAsync(ApiUser.Admin, "GET", ConfigMaps, actFor: Bot.Name)).Code.ShouldBe(200, "it gets the account's groups");
        (await AsAsync(ApiUser.Admin, "GET", Secrets, actFor: Bot.Name)).Code.ShouldBe(403);
        (await AsAsync(Bot, "GET", ConfigMaps, actFor: "jo")).Message
            .ShouldBe($"users \"jo\" is forbidden: User \"{Bot.Name}\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
    }

    [Fact]
    public async Task OwnerThatIsHeldUp_AsksForTheRightOnItsFinalizers()
    {
        var owner = await CreateAsync(Canaries, Canary("own"));
        await CreateAsync(Roles, Role("Role", "{apiGroups: [''], resources: [configmaps], verbs: [create, update]}"));
        await CreateAsync(RoleBindings, Binding("RoleBinding", "Role", "{kind: ServiceAccount, name: bot}"));
        var owned = ConfigMap("owned");
        owned["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "flagger.app/v1beta1",
            ["kind"] = "Canary",
            ["name"] = "own",
            ["uid"] = (string?)owner["metadata"]!["uid"],
            ["blockOwnerDeletion"] = true,
        });

        (await AsAsync(Bot, "POST", ConfigMaps, owned.ToJsonString())).Message
            .ShouldBe("configmaps \"owned\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>");
        await CreateAsync(ConfigMaps, ConfigMap("owned"));
        (await AsAsync(Bot, "PUT", $"{ConfigMaps}/owned", owned.ToJsonString())).Message
            .ShouldBe("configmaps \"owned\" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>");

        await CreateAsync(ClusterRoles, Role("ClusterRole", "{apiGroups: [''], resources: [configmaps], verbs: [delete]}, {apiGroups: [flagger.app], resources: [canaries/finalizers], verbs: [update]}"));
        await CreateAsync(ClusterRoleBindings, Binding("ClusterRoleBinding", "ClusterRole", "{kind: ServiceAccount, name: bot, namespace: default}"));
        (await AsAsync(Bot, "PUT", $"{ConfigMaps}/owned", owned.ToJsonString())).Code.ShouldBe(200);
    }

    private static JsonObject Role(string kind, string rules)
        => Yaml($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: r}}, rules: [{rules}]}}");

    private static JsonObject Binding(string kind, string roleKind, string subject) => Yaml(
        $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: b}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {roleKind}, name: r}}, subjects: [{subject}]}}");

    private async Task<bool> CanAsync(ApiUser user, string attributes)
    {
        var review = Yaml($"{{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec: {{resourceAttributes: {{{attributes}}}}}}}");
        var answer = await AsAsync(user, "POST", Reviews, review.ToJsonString());
        answer.Code.ShouldBe(201, answer.Text);
        return (bool)answer.Json["status"]!["allowed"]!;
    }

    private async Task<Answer> AsAsync(ApiUser user, string method, string path, string? body = null, bool abort = false, string? actFor = null)
    {
        using var client = Server.CreateClient(Server.TokenFor(user));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null && method != "GET")
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        if (actFor is not null)
        {
            request.Headers.Add("Impersonate-User", actFor);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Deadline);
        var text = abort && response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Deadline);
        return new((int)response.StatusCode, text, "", []);
    }
}
