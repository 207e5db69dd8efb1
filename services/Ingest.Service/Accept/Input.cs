using Ingest.Core.Articles;

namespace Ingest.Service.Accept;

/// <summary>One raw article as it was read, or the reason why it could not be one.</summary>
/// <param name="Id">The record's id, else the path (with the line in a file of many).</param>
/// <param name="Name">What a table calls it.</param>
sealed record Input(string Id, string Name, RawArticle? Article, Rejection? Rejection);
