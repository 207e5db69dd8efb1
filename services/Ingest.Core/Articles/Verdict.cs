namespace Ingest.Core.Articles;

/// <summary>What is ruled of a passage of a source. It overrules what was learnt.</summary>
public enum Verdict
{
    /// <summary>Never taken for what the source repeats.</summary>
    Keep,

    /// <summary>Always removed.</summary>
    Remove,

    /// <summary>Learnt by another installation: removed as if it had been learnt here.</summary>
    Learnt,

    /// <summary>What was ruled of it before holds no longer.</summary>
    Withdrawn,
}
