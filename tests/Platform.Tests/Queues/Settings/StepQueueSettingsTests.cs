using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Credentials;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.Platform.Queues.StorageQueue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Platform.Tests.Queues.Settings;

public sealed class StepQueueSettingsTests
{
    private const string ServiceBus = "Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=a+b/c==";
    private const string Storage = "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.chinacloudapi.cn";

    private static StepQueueSettings Read(params (string Name, string Value)[] settings) => StepQueueSettings.Read(Configuration(settings));

    private static IConfiguration Configuration((string Name, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    private static IRequestSigner SignerOf(StepQueueSettings settings) => settings.Connection!.Signer(new ServerClock(TimeProvider.System), TimeProvider.System);

    [Fact]
    public void Nothing_IsTheQueueInProcess()
        => (Read().Kind, Read().MaxDeliveries, Read().DuplicateDetection, Read().Connection).ShouldBe((StepQueueKind.InProcess, 10, true, null));

    [Theory]
    [InlineData("ServiceBus")]
    [InlineData("AzureWebJobsServiceBus")]
    [InlineData("ConnectionStrings:ServiceBus")]
    public void ServiceBus_ConnectionString_IsFoundWhereTheHostFindsIt(string name)
    {
        var settings = Read(("Canary:Queue", "servicebus"), (name, ServiceBus), ("Canary:QueueMaxDeliveries", "4"), ("Canary:QueueDuplicateDetection", "false"));

        (settings.Kind, settings.MaxDeliveries, settings.DuplicateDetection).ShouldBe((StepQueueKind.ServiceBus, 4, false));
        settings.Connection!.Endpoint.ShouldBe(new Uri("https://name.servicebus.windows.net/"));
        SignerOf(settings).ShouldBeOfType<SasSigner>();
    }

    [Fact]
    public void ServiceBus_OtherConnectionAndToken_AreUsed()
        => SignerOf(Read(("Canary:Queue", "ServiceBus"), ("Canary:QueueConnection", "Releases"), ("Releases", "Endpoint=sb://n.servicebus.windows.net;SharedAccessSignature=SharedAccessSignature sr=x&sig=y")))
            .ShouldBeOfType<FixedTokenSigner>();

    [Theory]
    [InlineData("managedidentity", "", "")]
    [InlineData("managedidentity", "clientId", "11111111-1111-1111-1111-111111111111")]
    [InlineData("managedidentity", "managedIdentityResourceId", "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i")]
    [InlineData("workloadidentity", "tokenFilePath", "/var/run/secrets/tokens/azure")]
    [InlineData("", "", "")]
    public void Identity_IsWhatTheSettingsName(string credential, string name, string value)
    {
        var identity = Read(
            ("Canary:Queue", "servicebus"), ("ServiceBus:fullyQualifiedNamespace", "name.servicebus.windows.net"), ("ServiceBus:credential", credential), ($"ServiceBus:{name}", value),
            ("AZURE_CLIENT_ID", credential == "workloadidentity" ? "client" : ""), ("AZURE_TENANT_ID", "tenant"));

        identity.Connection!.Endpoint.ShouldBe(new Uri("https://name.servicebus.windows.net/"));
        SignerOf(identity).ShouldBeOfType<EntraSigner>();
    }

    [Theory]
    [InlineData(Storage, "https://acc.queue.core.chinacloudapi.cn/")]
    [InlineData("AccountName=acc;AccountKey=a2V5", "https://acc.queue.core.windows.net/")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10001/devstoreaccount1")]
    [InlineData("AccountName=acc;AccountKey=a2V5;QueueEndpoint=http://azurite:10001/acc;BlobEndpoint=http://azurite:10000/acc", "http://azurite:10001/acc")]
    public void Storage_ConnectionString_GivesTheEndpoint(string text, string endpoint)
    {
        var settings = Read(("Canary:Queue", "storage"), ("AzureWebJobsStorage", text));

        settings.Connection!.Endpoint.ShouldBe(new Uri(endpoint));
        SignerOf(settings).ShouldBeOfType<SharedKeySigner>();
    }

    [Theory]
    [InlineData("queueServiceUri", "https://acc.queue.core.windows.net", "https://acc.queue.core.windows.net/")]
    [InlineData("accountName", "acc", "https://acc.queue.core.windows.net/")]
    public void Storage_Identity_GivesTheEndpoint(string name, string value, string endpoint)
        => Read(("Canary:Queue", "storage"), ($"AzureWebJobsStorage:{name}", value)).Connection!.Endpoint.ShouldBe(new Uri(endpoint));

    [Fact]
    public void Storage_SharedAccessSignature_IsUsed()
        => SignerOf(Read(("Canary:Queue", "storage"), ("Storage", "QueueEndpoint=https://acc.queue.core.windows.net;SharedAccessSignature=?sv=1&sig=2"))).ShouldBeOfType<SasQuerySigner>();

    [Theory]
    [InlineData("servicebus", "ServiceBus", "", "ServiceBus: '' must be a connection string, or ServiceBus__fullyQualifiedNamespace must name a namespace.")]
    [InlineData("servicebus", "ServiceBus", "secret", "ServiceBus: '(hidden)' is no connection string")]
    [InlineData("servicebus", "ServiceBus", "Endpoint=sb://n/;Endpoint=sb://secret/", "ServiceBus: '(hidden)' is no connection string")]
    [InlineData("servicebus", "ServiceBus", "SharedAccessKeyName=a;SharedAccessKey=secret", "ServiceBus: '(hidden)' needs an Endpoint such as")]
    [InlineData("servicebus", "ServiceBus", "Endpoint=sb://n/;SharedAccessKey=secret", "ServiceBus: '(hidden)' needs SharedAccessKeyName and SharedAccessKey")]
    [InlineData("servicebus", "ServiceBus", ServiceBus + ";EntityPath=canary-steps", "ServiceBus: '(hidden)' has the EntityPath 'canary-steps'")]
    [InlineData("servicebus", "ServiceBus:fullyQualifiedNamespace", "https://n.servicebus.windows.net", "ServiceBus__fullyQualifiedNamespace: 'https://n.servicebus.windows.net' must be a host name")]
    [InlineData("storage", "Storage", "", "Storage: '' must be a connection string, or Storage__queueServiceUri must be the queue service's URL.")]
    [InlineData("storage", "Storage", "AccountName=acc;AccountKey=secret!", "Storage: '(hidden)' has an AccountKey that is not base64.")]
    [InlineData("storage", "Storage", "AccountKey=secret", "Storage: '(hidden)' needs a QueueEndpoint")]
    [InlineData("storage", "Storage", "AccountName=acc", "Storage: '(hidden)' needs AccountName and AccountKey")]
    [InlineData("storage", "Storage:queueServiceUri", "http://acc.queue.core.windows.net", "Storage__queueServiceUri: 'http://acc.queue.core.windows.net' must be a URL that begins with https://")]
    [InlineData("rabbitmq", "x", "", "Canary:Queue: 'rabbitmq' is no kind of queue; use inprocess, servicebus or storage.")]
    public void Problem_IsNamedWithoutItsSecret(string queue, string name, string value, string problem)
    {
        var error = Should.Throw<SettingsException>(() => Read(("Canary:Queue", queue), (name, value)));

        error.Problems.ShouldHaveSingleItem().ToString().ShouldStartWith(problem);
        error.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("credential", "azurepipelines", "ServiceBus__credential: 'azurepipelines' is no kind of credential")]
    [InlineData("clientSecret", "secret", "ServiceBus__clientSecret: '(hidden)' needs tenantId and clientId")]
    public void Problem_OfAnIdentity_IsNamed(string name, string value, string problem)
        => Should.Throw<SettingsException>(() => Read(("Canary:Queue", "servicebus"), ("ServiceBus:fullyQualifiedNamespace", "n.servicebus.windows.net"), ($"ServiceBus:{name}", value)))
            .Problems.ShouldHaveSingleItem().ToString().ShouldStartWith(problem);

    [Theory]
    [InlineData("", 60)]
    [InlineData("3s", 3)]
    [InlineData("1h", 3600)]
    public void VisibilityTimeout_IsTakenInWholeSeconds(string text, int seconds)
        => Read(("Canary:Queue", "storage"), ("Storage", Storage), ("Canary:QueueVisibilityTimeout", text)).VisibilityTimeout.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("2s")]
    [InlineData("1500ms")]
    [InlineData("4500ms")]
    [InlineData("61m")]
    public void VisibilityTimeout_ThatTheServiceCannotKeep_IsRefused(string text)
        => Should.Throw<SettingsException>(() => Read(("Canary:Queue", "storage"), ("Storage", Storage), ("Canary:QueueVisibilityTimeout", text)))
            .Problems.ShouldHaveSingleItem().ToString().ShouldBe($"Canary:QueueVisibilityTimeout: '{text}' must be whole seconds from 3s to 1h.");

    [Fact]
    public void Problems_AreAllListed()
        => Should.Throw<SettingsException>(() => Read(
                ("Canary:Queue", "servicebus"), ("ServiceBus:fullyQualifiedNamespace", "n"), ("ServiceBus:credential", "workloadidentity"), ("Canary:QueueMaxDeliveries", "2.5"), ("Canary:QueueDuplicateDetection", "maybe")))
            .Problems.Select(p => p.Name).ShouldBe(["Canary:QueueMaxDeliveries", "Canary:QueueDuplicateDetection", "ServiceBus__clientId", "ServiceBus__fullyQualifiedNamespace"]);

    [Theory]
    [InlineData("inprocess", typeof(InProcessQueue))]
    [InlineData("servicebus", typeof(ServiceBusStepQueue))]
    [InlineData("storage", typeof(StorageStepQueue))]
    public void AddStepQueue_RegistersOneQueueForBothEnds(string queue, Type type)
    {
        using var services = new ServiceCollection().AddLogging()
            .AddStepQueue(Configuration([("Canary:Queue", queue), ("ServiceBus", ServiceBus), ("Storage", Storage)]))
            .BuildServiceProvider(validateScopes: true);

        services.GetRequiredService<IStepQueue>().ShouldBeOfType(type);
        services.GetRequiredService<IQueueReceiver>().ShouldBeSameAs(services.GetRequiredService<IStepQueue>());
    }
}
