# The load tester. It runs what Canaries' hooks ask for, in bash: so there is a shell here, and the programs that hooks use.
# Not built where this was written: there are no containers. The publish command was run.
# docker build -f infra/docker/loadtester.Dockerfile -t canary-functions/loadtester:0.1.0 .
ARG KUBECTL_VERSION=v1.34.1
ARG HELM_VERSION=3.19.0
FROM registry.k8s.io/kubectl:${KUBECTL_VERSION} AS kubectl
FROM alpine/helm:${HELM_VERSION} AS helm

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN dotnet publish loadtester --os linux -a $TARGETARCH --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -o /out

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bash ca-certificates curl grep jq \
    && rm -rf /var/lib/apt/lists/*
COPY --from=kubectl /bin/kubectl /usr/local/bin/kubectl
COPY --from=helm /usr/bin/helm /usr/local/bin/helm
ENV DOTNET_EnableDiagnostics=0 HOME=/tmp
WORKDIR /app
COPY --from=build /out .
# Manifests written for Flagger's image start ./loadtester. hey is part of the program.
RUN ln -s CanaryFunctions.LoadTester loadtester
USER 1654
EXPOSE 8080
ENTRYPOINT ["./CanaryFunctions.LoadTester"]
