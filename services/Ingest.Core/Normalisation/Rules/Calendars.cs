using System.Globalization;

namespace Ingest.Core.Normalisation.Rules;

/// <summary>The calendars in which newsrooms date.</summary>
internal enum Calendar
{
    Gregorian,
    Persian,
    Hebrew,

    /// <summary>Its months begin when the moon is seen: a date is known, but not its day in another calendar.</summary>
    Islamic,
}

/// <summary>Days of other calendars as days of the Gregorian one.</summary>
internal static class Calendars
{
    /// <summary>A year so high, or higher, with a Gregorian month is of the Buddhist era, which Thailand counts.</summary>
    const int FirstBuddhist = 2400;

    const int BuddhistEra = 543;

    static readonly PersianCalendar Persian = new();
    static readonly HebrewCalendar Hebrew = new();

    /// <returns>Null where there is no such day, or where it cannot be told.</returns>
    public static (int Year, int Month, int Day)? ToGregorian(Calendar calendar, int year, int month, int day)
    {
        if (year >= FirstBuddhist && calendar == Calendar.Gregorian)
            year -= BuddhistEra;
        if (month < 1 || day < 1)
            return null;
        switch (calendar)
        {
            case Calendar.Persian when year is >= 1300 and < 1500 && month <= 12 && day <= Persian.GetDaysInMonth(year, month):
                return Parts(Persian.ToDateTime(year, month, day, 0, 0, 0, 0));
            case Calendar.Hebrew when year is > 5600 and < 5900:
                // Named from Tishri; a leap year has a month more before Adar.
                var counted = !Hebrew.IsLeapYear(year) && month > 6 ? month - 1 : month;
                return counted <= Hebrew.GetMonthsInYear(year) && day <= Hebrew.GetDaysInMonth(year, counted)
                    ? Parts(Hebrew.ToDateTime(year, counted, day, 0, 0, 0, 0))
                    : null;
            case Calendar.Gregorian when year is >= 1500 and <= 2200 && month <= 12 && day <= DateTime.DaysInMonth(year, month):
                return (year, month, day);
            default:
                return null;
        }
    }

    static (int, int, int) Parts(DateTime day) => (day.Year, day.Month, day.Day);
}
