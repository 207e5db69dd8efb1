namespace Ingest.Service.Display;

/// <summary>Values that are repeated to the one who gave them, in messages that others may see.</summary>
static class Secrets
{
    /// <summary>
    /// The value without what may be a password: an address with one, right or wrong, may have come to a place where none is expected.
    /// </summary>
    public static string Hidden(string value)
    {
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + 3;
        var end = value.LastIndexOf('@');
        if (end <= start)
        {
            // An address may lack its host: what stands where its port would is none, then.
            end = value.IndexOf('/', start) is >= 0 and var path ? path : value.Length;
            var port = value.AsSpan(start, end - start);
            if (port is ['[', ..] || port.IndexOf(':') < 0 || port[(port.IndexOf(':') + 1)..].IndexOfAnyExceptInRange('0', '9') < 0)
                return value;
        }

        var colon = value.IndexOf(':', start, end - start);
        return $"{value.AsSpan(0, colon < 0 ? start : colon + 1)}…{value.AsSpan(end)}";
    }

    /// <summary>A message without the passwords of addresses that it repeats.</summary>
    public static string HiddenIn(string message)
    {
        for (var at = message.IndexOf("://", StringComparison.Ordinal); at >= 0;)
        {
            var end = at + 3;
            while (end < message.Length && !char.IsWhiteSpace(message[end]) && message[end] is not ('\'' or '"'))
                end++;
            // A name alone is told on purpose: who could not connect must know as whom.
            var address = message[(at + 3)..end];
            if (address.LastIndexOf('@') is > 0 and var name && address[..name].Contains(':', StringComparison.Ordinal))
                message = $"{message.AsSpan(0, at + 3)}{Hidden(address)}{message.AsSpan(end)}";
            at = message.IndexOf("://", at + 3, StringComparison.Ordinal);
        }

        return message;
    }

    /// <summary>A path, but not what looks like none: it may be what the file was to hold.</summary>
    public static string HiddenUnlessPath(string value) => value.AsSpan().ContainsAny('/', '\\', '.') ? Hidden(value) : "…";
}
