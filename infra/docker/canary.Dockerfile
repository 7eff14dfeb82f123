# Webhook, functions and queue in one process: canary run.
# Not built where this was written: there are no containers. The publish command was run.
# docker build -f infra/docker/canary.Dockerfile -t canary-functions/canary:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /src
COPY . .
# Not `dotnet publish`: by that the functions, which canary contains, would bring a .NET of their own.
RUN dotnet msbuild cli -restore -t:Publish -p:Configuration=Release -p:UseAppHost=false -p:RunAnalyzers=false -p:PublishDir=/out/

# No shell, no package manager; the user is 1654.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
# Nothing is written to disk, and diagnostics would open a socket there.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /out .
USER 1654
EXPOSE 8080 8443
ENTRYPOINT ["dotnet", "canary.dll"]
CMD ["run"]
