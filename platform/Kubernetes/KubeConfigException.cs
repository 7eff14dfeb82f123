namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>The connection to the API server cannot be made of what the kubeconfig or the environment says. The message names the place and holds no secret.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
