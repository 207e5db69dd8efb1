using System.CommandLine;
using Ingest.Core.Forms;

namespace Ingest.Service.Cli;

/// <summary>The option that names the columns of tables, of every command that reads them.</summary>
static class ColumnsFlag
{
    public static Option<ColumnMap?> Create() => new("--columns")
    {
        Description = "Which columns of a table, or members of records in JSON, hold what, where their names do not tell: text=body,headline=kop.",
        HelpName = "FIELD=COLUMN,…",
        CustomParser = result =>
        {
            try
            {
                return ColumnMap.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError($"--columns: {e.Message}");
                return null;
            }
        },
    };
}
