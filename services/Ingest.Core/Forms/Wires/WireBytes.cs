namespace Ingest.Core.Forms.Wires;

/// <summary>The bytes of a file that is read as a whole.</summary>
internal static class WireBytes
{
    /// <returns>Null where there are more than <paramref name="limit"/>.</returns>
    public static byte[]? Read(Stream content, long limit)
    {
        using var all = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            if (all.Length + read > limit)
                return null;
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }
}
