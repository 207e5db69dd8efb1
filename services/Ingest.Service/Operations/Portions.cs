namespace Ingest.Service.Operations;

/// <summary>Divides what is handled together by its bytes as well as by its number.</summary>
static class Portions
{
    /// <param name="most">Items in a portion.</param>
    /// <param name="mostBytes">Bytes in a portion; an item that is larger is one of its own.</param>
    public static IEnumerable<T[]> InPortions<T>(this IEnumerable<T> items, int most, long mostBytes, Func<T, long> bytes)
    {
        var portion = new List<T>();
        var held = 0L;
        foreach (var item in items)
        {
            var more = bytes(item);
            if (portion.Count == most || portion.Count > 0 && held + more > mostBytes)
            {
                yield return [.. portion];
                portion.Clear();
                held = 0;
            }

            portion.Add(item);
            held += more;
        }

        if (portion.Count > 0)
            yield return [.. portion];
    }
}
