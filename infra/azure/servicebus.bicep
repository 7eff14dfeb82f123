// The queues. Their properties are those that docs/adr/0013-queues-over-rest.md asks for.
param name string
param location string
param principalId string
param queues array
param kedaPrincipalId string

var roles = {
  'Azure Service Bus Data Owner': '090c5cfd-751d-490a-894a-3ce6f1109419'
  'Azure Service Bus Data Receiver': '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  'Azure Service Bus Data Sender': '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
}

// Standard: Basic does not detect duplicates.
resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queueName in queues: {
  parent: serviceBus
  name: queueName
  properties: {
    // A send whose answer is lost is repeated.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    // A batch of a partitioned queue would need one key.
    enablePartitioning: false
    // REST cannot receive sessions.
    requiresSession: false
    // Above Canary__QueueMaxDeliveries, so that a message gets to the poison queue with its reason.
    maxDeliveryCount: 20
    // Renewed every third of it.
    lockDuration: 'PT1M'
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: false
    enableBatchedOperations: true
    maxSizeInMegabytes: 1024
  }
}]

resource mayUse 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in ['Azure Service Bus Data Receiver', 'Azure Service Bus Data Sender']: {
  name: guid(serviceBus.id, principalId, role)
  scope: serviceBus
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

// Counting messages is management there.
resource mayCount 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(kedaPrincipalId)) {
  name: guid(serviceBus.id, kedaPrincipalId, 'keda')
  scope: serviceBus
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Azure Service Bus Data Owner'])
    principalId: kedaPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output host string = '${serviceBus.name}.servicebus.windows.net'
