# The admission webhook and KEDA's external scaler.
# Not built where this was written: there are no containers. The publish command was run.
# docker build -f infra/docker/webhook.Dockerfile -t canary-functions/webhook:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN dotnet publish webhook --os linux -a $TARGETARCH --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -o /out

# No shell, no package manager; the user is 1654.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
# Nothing is written to disk, and diagnostics would open a socket there.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /out .
USER 1654
EXPOSE 8080 8443 9090
ENTRYPOINT ["./CanaryFunctions.Webhook"]
