namespace CanaryFunctions.Core.Tests.Admission;

public sealed class ObjectValidatorTests
{
    private const string Template = """
        {"metadata":{"name":"latency","namespace":"test"},
         "spec":{"provider":{"type":"prometheus","address":"http://prometheus:9090","headers":{"X-Scope":["a"]}},"query":"max({{ interval }})"}}
        """;

    private const string Provider = """
        {"metadata":{"name":"on-call","namespace":"test"},"spec":{"type":"slack","channel":"general","address":"https://hooks.slack.com/services/T0/B0/key"}}
        """;

    public static readonly TheoryData<string, string?, string> WrongTemplates = new()
    {
        { "spec", null, "spec is missing; give provider and query." },
        { "spec.provider", null, "spec.provider is missing; give at least its type." },
        { "spec.provider.type", null, "spec.provider.type is missing; use one of: datadog, prometheus." },
        { "spec.provider.type", "\"promethus\"", "spec.provider.type: 'promethus' is not a known metric provider; did you mean 'prometheus'? Use one of: datadog, prometheus." },
        { "spec.provider.address", "\"prometheus/secret\"", "spec.provider.address: 'prometheus/…' must be an absolute URL, such as http://name.namespace:9090/path." },
        { "spec.provider.headers", """{"X":"a"}""", "spec.provider.headers.X must be a list of strings, such as [\"value\"]." },
        { "spec.provider.insecureSkipVerify", "\"no\"", "spec.provider.insecureSkipVerify: '\"no\"' must be true or false." },
        { "spec.provider.secretRef", "{}", "spec.provider.secretRef.name is missing; give the Secret's name." },
        { "spec.query", null, "spec.query is missing; give the query template." },
        { "spec.query", "\"{{ foo }}\"", "spec.query: '{{ foo }}' is not a usable query template: template parsing failed: template: tmpl:1: function \"foo\" not defined." },
    };

    public static readonly TheoryData<string, string?, string> WrongProviders = new()
    {
        { "spec", "7", "spec: '7' must be an object." },
        { "spec.type", "\"slak\"", "spec.type: 'slak' is not a known alert provider; did you mean 'slack'? Use one of: msteams, slack." },
        { "spec.type", null, "spec.type is missing; use one of: msteams, slack." },
        { "spec.address", null, "spec.address is missing; give address, or secretRef with a Secret that has the key 'address'." },
        { "spec.address", "\"hooks.slack.com/services/T0/B0/key\"", "spec.address: 'hooks.slack.com/…' must be an absolute URL, such as http://name.namespace:9090/path." },
        { "spec.secretRef", """{"name":""}""", "spec.secretRef.name is missing; give the Secret's name." },
        { "spec.proxy", "\"proxy\"", "spec.proxy: 'proxy' must be an absolute URL, such as http://name.namespace:9090/path." },
        { "spec.channel", "1", "spec.channel: '1' must be a string." },
    };

    [Theory]
    [MemberData(nameof(WrongTemplates))]
    public void MetricTemplate_OneWrongValue_SaysExactlyWhat(string path, string? json, string expected)
        => string.Join('\n', Validators.MetricTemplate().Validate(Manifests.Parse(Template).With(path, json))).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(WrongProviders))]
    public void AlertProvider_OneWrongValue_SaysExactlyWhat(string path, string? json, string expected)
        => string.Join('\n', Validators.AlertProvider().Validate(Manifests.Parse(Provider).With(path, json))).ShouldBe(expected);

    [Fact]
    public void MetricTemplate_Good_HasNoProblems() => Validators.MetricTemplate().Validate(Manifests.Parse(Template)).ShouldBeEmpty();

    [Fact]
    public void AlertProvider_AddressAndSecret_AreAllowedTogether()
        => Validators.AlertProvider().Validate(Manifests.Parse(Provider).With("spec.secretRef", """{"name":"s"}""")).ShouldBeEmpty();

    [Fact]
    public void AlertProvider_SecretAlone_IsEnough()
        => Validators.AlertProvider().Validate(Manifests.Parse(Provider).With("spec.address", null).With("spec.secretRef", """{"name":"s"}""")).ShouldBeEmpty();
}
