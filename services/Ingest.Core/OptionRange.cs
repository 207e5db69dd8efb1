using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Ingest.Core;

/// <summary>What an option may be; both ends included.</summary>
public readonly record struct OptionRange<T>(T Least, T Most);

/// <summary>
/// The ranges of options. Each stands once, as the attribute of its property; whoever takes the option from a user, in
/// whatever unit, reads it here.
/// </summary>
public static class OptionRange
{
    /// <param name="option">The name of a property of <typeparamref name="TOptions"/>.</param>
    /// <exception cref="ArgumentException">It has no range.</exception>
    public static OptionRange<TValue> Of<TOptions, TValue>(string option)
    {
        var range = typeof(TOptions).GetProperty(option)?.GetCustomAttribute<RangeAttribute>()
            ?? throw new ArgumentException($"{typeof(TOptions).Name}.{option} has no range.", nameof(option));
        return new(Value(range.Minimum), Value(range.Maximum));

        // A range of times is written as text.
        static TValue Value(object end) =>
            (TValue)(typeof(TValue) == typeof(TimeSpan)
                ? TimeSpan.Parse(end.ToString()!, CultureInfo.InvariantCulture)
                : Convert.ChangeType(end, typeof(TValue), CultureInfo.InvariantCulture));
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it and the range.</exception>
    internal static void Check<TOptions>(TOptions options)
        where TOptions : class
    {
        foreach (var property in typeof(TOptions).GetProperties())
            if (property.GetCustomAttribute<RangeAttribute>() is { } range
                && property.GetValue(options) is { } value && !range.IsValid(value))
                throw new ArgumentOutOfRangeException(property.Name, value,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{property.Name} is {value}: it must be {Shown(range.Minimum)} to {Shown(range.Maximum)}."));
    }

    static string Shown(object end) => end switch
    {
        TimeSpan { TotalDays: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays} days"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        _ => Convert.ToString(end, CultureInfo.InvariantCulture)!,
    };
}
