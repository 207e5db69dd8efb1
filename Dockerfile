FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# What says which packages are needed comes first: a change of code then restores nothing anew.
COPY Directory.Build.props Directory.Packages.props .editorconfig ./
COPY contracts/Ingest.Contracts/Ingest.Contracts.csproj contracts/Ingest.Contracts/packages.lock.json contracts/Ingest.Contracts/
COPY services/Ingest.Core/Ingest.Core.csproj services/Ingest.Core/packages.lock.json services/Ingest.Core/
COPY services/Ingest.Ledger/Ingest.Ledger.csproj services/Ingest.Ledger/packages.lock.json services/Ingest.Ledger/
COPY services/Ingest.Service/Ingest.Service.csproj services/Ingest.Service/packages.lock.json services/Ingest.Service/
RUN dotnet restore services/Ingest.Service/Ingest.Service.csproj --locked-mode
COPY contracts/Ingest.Contracts contracts/Ingest.Contracts
COPY services services
RUN dotnet publish services/Ingest.Service/Ingest.Service.csproj -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
COPY --from=build /app /app
# A new volume takes the owner of the folder that it is mounted on.
RUN mkdir -p /var/lib/ingest && chown $APP_UID:$APP_UID /var/lib/ingest
WORKDIR /var/lib/ingest
USER $APP_UID
# All addresses of the container; which of the host's lead to them is said where it is started. The base image's own port setting is taken away.
ENV Ingest__Url=http://0.0.0.0:8080 \
    Ingest__Ledger=/var/lib/ingest/ingest.db \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080
VOLUME /var/lib/ingest
# The image has bash and no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["dotnet", "/app/ingest.dll"]
CMD ["serve"]
