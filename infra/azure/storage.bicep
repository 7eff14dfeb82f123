// The Functions host's account: the timer's lease and the app's packages; and the queues, where they are not in Service Bus.
param name string
param location string
param principalId string
@description('Empty where they are in Service Bus.')
param queues array
param kedaPrincipalId string

var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Queue Data Reader': '19e7f393-937e-4f77-808e-94535e297925'
}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'packages'
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for queueName in queues: {
  parent: queueService
  name: queueName
}]

resource mayUse 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in ['Storage Blob Data Owner', 'Storage Queue Data Contributor']: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

resource mayCount 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(queues) && !empty(kedaPrincipalId)) {
  name: guid(account.id, kedaPrincipalId, 'keda')
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Queue Data Reader'])
    principalId: kedaPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output name string = account.name
output packages string = '${account.properties.primaryEndpoints.blob}${packages.name}'
