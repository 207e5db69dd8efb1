using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Ingest.Core;
using Ingest.Core.Articles;
using Ingest.Core.Deduplication;
using Ingest.Core.Normalisation;
using Ingest.Service.Accept;
using Ingest.Service.Broker;
using Ingest.Service.Display;
using Ingest.Service.Http;
using Ingest.Service.Operations;
using Microsoft.Extensions.Configuration;

namespace Ingest.Service.Serve;

/// <summary>
/// Everything that can be set, as the section <c>Ingest</c> of <c>appsettings.json</c>, as environment variables
/// (<c>Ingest__RabbitMq__Host</c>) and, the most used, as options of the command line, which win.
/// </summary>
sealed class ServiceSettings
{
    string collection = ArticleIds.DefaultCollection;

    public const string Section = "Ingest";

    /// <summary>The stages that this process runs, separated by commas; all by default.</summary>
    public string? Roles { get; set; }

    /// <summary>The collections that this process serves, separated by commas; all that are declared by default.</summary>
    public string? OnlyCollections { get; set; }

    /// <summary>The ledger's file. That of another collection than the default one has its name: see <see cref="CollectionNames.FileOf"/>.</summary>
    public string Ledger { get; set; } = "ingest.db";

    /// <summary>Where HTTP listens: an IP address or localhost; one other than the loopback's is the operator's choice.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// Connections over HTTP that may be open at once; fewer where the process may not open so many files, see
    /// <see cref="ConnectionLimit"/>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 5000;

    /// <summary>Seconds in which what is under way is finished when the program is told to stop.</summary>
    [Range(1, 3600)]
    public int ShutdownSeconds { get; set; } = 30;

    public MemorySettings Memory { get; set; } = new();
    public AcceptSettings Accept { get; set; } = new();
    public NormaliseSettings Normalise { get; set; } = new();
    public DeduplicationOptions Deduplicate { get; set; } = new();
    public PostgresSettings Postgres { get; set; } = new();
    public RetentionSettings Retention { get; set; } = new();
    public BrokerSettings RabbitMq { get; set; } = new();
    public SecuritySettings Security { get; set; } = new();

    /// <summary>The collections beside the default one, by their names.</summary>
    public Dictionary<string, CollectionSettings> Collections { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The collection that these are the settings of: see <see cref="Of"/>.</summary>
    public string Collection => collection;

    /// <exception cref="SettingsException">A setting is unknown or has a value that it cannot have.</exception>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        RefuseUnknown(section, typeof(ServiceSettings));
        ServiceSettings settings;
        try
        {
            settings = section.Get<ServiceSettings>() ?? new ServiceSettings();
            settings.Collections = section.GetSection(nameof(Collections)).GetChildren().ToDictionary(c => c.Key, c => Over(section, c), StringComparer.Ordinal);
        }
        catch (InvalidOperationException e)
        {
            // "Failed to convert configuration value 'x' at 'Ingest:RabbitMq:Port' to type 'System.Int32'."
            var parts = e.Message.Split('\'');
            if (parts.Length <= 5)
                throw new SettingsException(e.Message);
            throw new SettingsException($"{parts[3]} is '{(IsSecret(parts[3]) ? "…" : Secrets.Hidden(parts[1]))}': it must be {Kind(parts[5])}.");
        }

        if (settings.RabbitMq.PasswordFile is { } file)
            settings.RabbitMq.Password = Secret(file, $"{Section}:{nameof(RabbitMq)}:{nameof(BrokerSettings.PasswordFile)}");
        if (settings.Postgres.PasswordFile is { } secret)
            settings.Postgres.Password = Secret(secret, $"{Section}:{nameof(Postgres)}:{nameof(PostgresSettings.PasswordFile)}");
        return settings;
    }

    /// <summary>The settings of a collection: those of the section <c>Ingest</c>, and its own over them.</summary>
    static CollectionSettings Over(IConfigurationSection section, IConfigurationSection collection)
    {
        var settings = new CollectionSettings
        {
            Accept = section.GetSection(nameof(Accept)).Get<AcceptSettings>() ?? new(),
            Deduplicate = section.GetSection(nameof(Deduplicate)).Get<DeduplicationOptions>() ?? new(),
            Retention = section.GetSection(nameof(Retention)).Get<RetentionSettings>() ?? new(),
            Security = section.GetSection(nameof(Security)).Get<CollectionSecurity>() ?? new(),
        };
        var keys = settings.Security.ApiKeys;
        collection.Bind(settings);
        // A variable that somebody forgot to fill opens nothing.
        if (string.IsNullOrWhiteSpace(settings.Security.ApiKeys))
            settings.Security.ApiKeys = keys;
        return settings;
    }

    /// <summary>The same installation's settings for another collection. One that is not declared has those of the default one.</summary>
    public ServiceSettings Of(string collection)
    {
        if (collection == this.collection)
            return this;
        var settings = (ServiceSettings)MemberwiseClone();
        settings.collection = collection;
        settings.Ledger = CollectionNames.FileOf(Ledger, collection);
        settings.Postgres = Postgres.Of(collection);
        var own = Collections.GetValueOrDefault(collection);
        settings.RabbitMq = RabbitMq.With(own?.EventQueues);
        if (own is not null)
        {
            (settings.Accept, settings.Deduplicate, settings.Retention) = (own.Accept, own.Deduplicate, own.Retention);
            settings.Security = new SecuritySettings
            {
                ApiKeys = own.Security.ApiKeys, ProtectReading = own.Security.ProtectReading, AllowedHosts = Security.AllowedHosts,
            };
        }

        return settings;
    }

    /// <summary>All collections that there are, in the order of their names, the default one first.</summary>
    public IReadOnlyList<string> DeclaredCollections() => [ArticleIds.DefaultCollection, .. Collections.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Those that this process serves.</summary>
    /// <exception cref="FormatException">One is not declared.</exception>
    public IReadOnlyList<string> ServedCollections() => CollectionNames.Among(DeclaredCollections(), OnlyCollections);

    /// <inheritdoc cref="ServedCollections"/>
    public CollectionRoster Roster() => new(DeclaredCollections(), ServedCollections());

    /// <summary>Where the ledger is.</summary>
    public LedgerPlace LedgerPlace() => new(Ledger, Postgres, collection);

    /// <exception cref="SettingsException">A value is out of its range.</exception>
    public ServiceSettings Validated()
    {
        CheckRanges(this, Section);
        Try($"{Section}:{nameof(Roles)}", Topology);
        Try("", () => new ApiKeys(Security.ApiKeys));
        Try($"{Section}:{nameof(Postgres)}:", Postgres.Validated);
        Normalise.CheckRanges($"{Section}:{nameof(Normalise)}");
        Try($"{Section}:{nameof(Deduplicate)}:", Deduplicate.Validated);
        Try($"{Section}:{nameof(OnlyCollections)}", ServedCollections);
        foreach (var (name, own) in Collections)
        {
            var path = $"{Section}:{nameof(Collections)}:{name}";
            CheckRanges(own, path);
            Try($"{path}:{nameof(Deduplicate)}:", own.Deduplicate.Validated);
            Try("", () => new ApiKeys(own.Security.ApiKeys, path));
        }

        if (string.IsNullOrWhiteSpace(Ledger))
            throw new SettingsException($"{Section}:{nameof(Ledger)} is '{Ledger}': it must name a file.");
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not "http")
        {
            var advice = url?.Scheme == "https" ? " For TLS, put a proxy in front of the service." : "";
            throw new SettingsException($"{Section}:{nameof(Url)} is '{Secrets.Hidden(Url)}': it must be an address such as http://127.0.0.1:8080.{advice}");
        }

        // The library would listen on all addresses for any other name.
        if (url.HostNameType is not (UriHostNameType.IPv4 or UriHostNameType.IPv6) && url.Host != "localhost")
            throw new SettingsException(
                $"{Section}:{nameof(Url)} is '{Secrets.Hidden(Url)}': it must have an IP address of this machine or localhost, not the name '{url.Host}'. "
                + $"http://0.0.0.0:{url.Port} listens on all addresses.");
        Try("", () => new HostGuard(url, Security.AllowedHosts));
        if (RabbitMq is { IsConfigured: true, Host: { } host } && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new SettingsException(
                $"{Section}:{nameof(RabbitMq)}:{nameof(RabbitMq.Host)} is '{Secrets.Hidden(host)}': it must be a host's name or IP address alone; "
                + "port, user and password are settings of their own.");
        if (RabbitMq.TlsAuthority is { } authority && !File.Exists(authority))
            throw new SettingsException(
                $"{Section}:{nameof(RabbitMq)}:{nameof(RabbitMq.TlsAuthority)} is '{Secrets.Hidden(authority)}': there is no such file.");
        if (RabbitMq.IsConfigured && RabbitMq.Password == BrokerSettings.ExamplePassword)
            throw new SettingsException(
                $"{Section}:{nameof(RabbitMq)}:{nameof(RabbitMq.Password)} is '{BrokerSettings.ExamplePassword}', which anyone can read in .env.example: "
                + "choose a password of your own, there and for the broker's user.");
        return this;
    }

    /// <summary>Which stages run here and how they hand on.</summary>
    /// <exception cref="FormatException">The roles are none, or one has no successor.</exception>
    public Topology Topology() => Operations.Topology.Of(Operations.Roles.Parse(Roles), RabbitMq.IsConfigured, Postgres.IsConfigured);

    /// <summary>
    /// Messages that the broker sends ahead on each queue: as many articles of the largest size as the budget of memory has room for, on those of all collections. Fewer
    /// cost speed: 16 at once are handled at 0.65 of the speed of 256, one article a message, and 64 at the same speed.
    /// </summary>
    public ushort Prefetch() =>
        (ushort)(RabbitMq.Prefetch ?? Math.Clamp(Memory.Prefetched / ServedCollections().Count / Normalise.MaxBytes, 1, 1000));

    /// <summary>A secret in a file of its own; the line break that editors put at its end is not part of it.</summary>
    static string Secret(string file, string setting)
    {
        const int Most = 4096;
        string text;
        try
        {
            using var reader = new StreamReader(file);
            var read = new char[Most + 1];
            text = new string(read, 0, reader.ReadBlock(read));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Its message would name the file.
            throw new SettingsException($"{setting} is '{Secrets.HiddenUnlessPath(file)}': there is no such file, or it cannot be read.");
        }

        text = text.TrimEnd('\r', '\n');
        return text.Length is > 0 and <= Most
            ? text
            : throw new SettingsException($"{setting} is '{Secrets.HiddenUnlessPath(file)}': it must hold a password, of at most {Most} characters.");
    }

    static void Try(string name, Func<object> check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new SettingsException($"{name}{(name.Length == 0 || name.EndsWith(':') ? "" : " ")}{e.Message.Split(" (Parameter")[0]}");
        }
    }

    static void RefuseUnknown(IConfigurationSection section, Type type)
    {
        if (type == typeof(Dictionary<string, CollectionSettings>))
        {
            foreach (var named in section.GetChildren())
                RefuseUnknown(named, NameChecked(named));
            return;
        }

        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var property))
                throw new SettingsException(
                    $"There is no setting {child.Path}.{Typos.Hint(child.Key, known.Keys)} "
                    + $"Settings of {section.Path}: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            var isSection = property.PropertyType.IsClass && property.PropertyType != typeof(string);
            if (isSection && !string.IsNullOrEmpty(child.Value))
            {
                var first = property.Name == nameof(Collections) ? "NAME" : property.PropertyType.GetProperties().First(p => p.CanWrite).Name;
                throw new SettingsException($"{child.Path} is '{Secrets.Hidden(child.Value!)}': it is a section, with settings such as {child.Path}:{first}.");
            }

            if (!isSection && child.GetChildren().Any())
                throw new SettingsException($"{child.Path} takes one value: there is no setting {child.GetChildren().First().Path}.");
            if (isSection)
                RefuseUnknown(child, property.PropertyType);
        }
    }

    /// <returns>The type of the section's settings.</returns>
    static Type NameChecked(IConfigurationSection collection)
    {
        if (collection.Key == ArticleIds.DefaultCollection)
            throw new SettingsException($"{collection.Path} cannot be set: the settings of the default collection are those of the section {Section} itself.");
        if (!CollectionNames.IsOne(collection.Key))
            throw new SettingsException($"{collection.Path} declares the collection '{Secrets.Hidden(collection.Key)}': {CollectionNames.Rule}.");
        if (!string.IsNullOrEmpty(collection.Value))
            throw new SettingsException($"{collection.Path} is '{Secrets.Hidden(collection.Value)}': it is a section, with settings such as {collection.Path}:{nameof(Accept)}:{nameof(AcceptSettings.MostUnfinished)}.");
        return typeof(CollectionSettings);
    }

    static void CheckRanges(object settings, string path)
    {
        var properties = settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.Where(p => p.GetIndexParameters().Length == 0))
        {
            var value = property.GetValue(settings);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && value is not null && !range.IsValid(value))
                throw new SettingsException(string.Create(
                    CultureInfo.InvariantCulture, $"{path}:{property.Name} is {value}: it must be between {range.Minimum} and {range.Maximum}."));
            if (value is not null && property.PropertyType.IsClass && property.PropertyType.Assembly == typeof(ServiceSettings).Assembly)
                CheckRanges(value, $"{path}:{property.Name}");
        }
    }

    static bool IsSecret(string path) =>
        path.EndsWith("Password", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith("ApiKeys", StringComparison.OrdinalIgnoreCase);

    static string Kind(string type) => type switch
    {
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" or "System.Nullable`1[System.Int32]" => "a whole number",
        "System.Double" => "a number",
        "System.TimeSpan" => "a time such as 30.00:00:00 (30 days)",
        _ => typeof(ServiceSettings).Assembly.GetType(type) is { IsEnum: true } choice ? string.Join(" or ", Enum.GetNames(choice)) : "a value of another kind",
    };
}

/// <summary>Settings of the section <c>Ingest:Normalise</c>.</summary>
sealed class NormaliseSettings
{
    /// <summary>The largest article, in bytes of UTF-8.</summary>
    public long MaxBytes { get; set; } = new NormaliserOptions().MaxBytes;

    /// <summary>The largest field beside the text, in bytes of UTF-8.</summary>
    public int MaxFieldBytes { get; set; } = new NormaliserOptions().MaxFieldBytes;

    /// <summary>Names in a list, such as bylines, at most.</summary>
    public int MaxNames { get; set; } = new NormaliserOptions().MaxNames;

    /// <summary>The longest time for one article, in milliseconds.</summary>
    public int TimeBudgetMs { get; set; } = (int)NormaliserOptions.DefaultTimeBudget.TotalMilliseconds;

    /// <exception cref="SettingsException">A value is out of the range that the option has in the core.</exception>
    public void CheckRanges(string path)
    {
        Check(nameof(MaxBytes), MaxBytes, OptionRange.Of<NormaliserOptions, long>(nameof(NormaliserOptions.MaxBytes)));
        Check(nameof(MaxFieldBytes), MaxFieldBytes, OptionRange.Of<NormaliserOptions, long>(nameof(NormaliserOptions.MaxFieldBytes)));
        Check(nameof(MaxNames), MaxNames, OptionRange.Of<NormaliserOptions, long>(nameof(NormaliserOptions.MaxNames)));
        var budget = OptionRange.Of<NormaliserOptions, TimeSpan>(nameof(NormaliserOptions.TimeBudget));
        Check(nameof(TimeBudgetMs), TimeBudgetMs, new((long)budget.Least.TotalMilliseconds, (long)budget.Most.TotalMilliseconds));

        void Check(string name, long value, OptionRange<long> range)
        {
            if (value < range.Least || value > range.Most)
                throw new SettingsException($"{path}:{name} is {value}: it must be between {range.Least} and {range.Most}.");
        }
    }

    public NormaliserOptions Options() => new(MaxBytes, TimeSpan.FromMilliseconds(TimeBudgetMs), MaxFieldBytes, MaxNames);
}

/// <summary>A setting is wrong; the message names it, its value and what it must be.</summary>
sealed class SettingsException(string message) : Exception(message);
