# The functions without the Functions host: they receive from the queue that Canary__Queue says. Native code with its own .NET, for they start from zero.
# Not built where this was written: there are no containers. The publish command was run.
# docker build -f infra/docker/functions.Dockerfile -t canary-functions/functions:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN dotnet publish functions --os linux -a $TARGETARCH -p:Queue=servicebus -p:RunAnalyzers=false -o /out

# No shell, no package manager; the user is 1654.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
# Nothing is written to disk, and diagnostics would open a socket there.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /out .
USER 1654
ENTRYPOINT ["./CanaryFunctions.Functions"]
