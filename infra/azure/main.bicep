// The functions on Azure Functions, the queues between them and the webhook, and who may do what. Not deployed where this was written: docs/deploy-azure.md.
targetScope = 'resourceGroup'

@description('Part of every name; lower case letters and digits.')
@minLength(3)
@maxLength(14)
param name string = 'canaryfn'

param location string = resourceGroup().location

@description('servicebus or storage: as the app was published (dotnet publish -p:Queue=).')
@allowed(['servicebus', 'storage'])
param queue string = 'servicebus'

@description('flex: from zero, Linux. premium: an instance is always there.')
@allowed(['flex', 'premium'])
param plan string = 'flex'

@description('Settings of docs/configuration.md, such as { MESH_PROVIDER: \'istio\', METRICS_SERVER: \'http://prometheus.monitoring:9090\' }.')
@secure()
param settings object = {}

@description('Whether the webhook in the cluster sweeps (SWEEP=true there). If not, the app\'s timer does, every 30 seconds, and the app never sleeps.')
param webhookSweeps bool = true

@description('Issuer of the cluster\'s service account tokens, for the webhook\'s pods: az aks show --query oidcIssuerProfile.issuerUrl. Empty: no webhook signs in.')
param clusterIssuer string = ''

@description('Object id of the identity by which KEDA counts messages; empty where there is no KEDA.')
param kedaPrincipalId string = ''

@description('AKS cluster that the functions work on, in this resource group; empty for another place or another kind of cluster.')
param aksName string = ''

var queues = ['canary-steps', 'canary-notices', 'canary-deliveries']
var queuesAndPoison = concat(queues, map(queues, each => '${each}-poison'))
var suffix = uniqueString(resourceGroup().id, name)

// One identity for the functions and the webhook's pods.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

resource pods 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = if (!empty(clusterIssuer)) {
  parent: identity
  name: 'flagger'
  properties: {
    issuer: clusterIssuer
    subject: 'system:serviceaccount:flagger-system:flagger'
    audiences: ['api://AzureADTokenExchange']
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: take('${name}${suffix}', 24)
    location: location
    principalId: identity.properties.principalId
    queues: queue == 'storage' ? queuesAndPoison : []
    kedaPrincipalId: kedaPrincipalId
  }
}

module bus 'servicebus.bicep' = if (queue == 'servicebus') {
  name: 'servicebus'
  params: {
    name: '${name}-${suffix}'
    location: location
    principalId: identity.properties.principalId
    queues: queuesAndPoison
    kedaPrincipalId: kedaPrincipalId
  }
}

module app 'functionapp.bicep' = {
  name: 'functionapp'
  params: {
    name: '${name}-${suffix}'
    location: location
    plan: plan
    queue: queue
    identityId: identity.id
    clientId: identity.properties.clientId
    principalId: identity.properties.principalId
    storageName: storage.outputs.name
    packages: storage.outputs.packages
    busHost: queue == 'servicebus' ? bus!.outputs.host : ''
    settings: settings
    webhookSweeps: webhookSweeps
  }
}

// To sign in, and to read the cluster's address. What it may do there is said by Kubernetes: docs/deploy-azure.md.
resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' existing = if (!empty(aksName)) {
  name: empty(aksName) ? 'none' : aksName
}

resource clusterUser 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(aksName)) {
  name: guid(resourceGroup().id, aksName, name, 'cluster user')
  scope: aks
  properties: {
    // Azure Kubernetes Service Cluster User Role
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4abbcc35-e782-43d8-92c5-2d3f1bd2253f')
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

output appName string = app.outputs.name
output busHost string = queue == 'servicebus' ? bus!.outputs.host : ''
output storageName string = storage.outputs.name
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
