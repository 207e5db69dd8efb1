using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Ingest.Service.Display;

namespace Ingest.Service.Cli;

/// <summary><c>ingest key</c>: makes an API key and what the server is told of it.</summary>
static class KeyCommand
{
    /// <summary>256 bits: nobody guesses it, so that a plain hash keeps it well.</summary>
    const int KeyBytes = 32;

    public static Command Create()
    {
        var command = new Command("key", "Make a random API key, and the setting that lets a server accept it. Nothing is stored; save what is printed.");
        command.SetAction(_ => Run());
        return command;
    }

    static int Run()
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        using var output = Terminal.Output();
        output.WriteLine($"Key      {key}");
        output.WriteLine($"SHA-256  {hash}");
        output.WriteLine($"Server   Ingest__Security__ApiKeys={hash}");
        output.WriteLine($"Client   INGEST_API_KEY={key}");
        output.WriteLine();
        output.WriteLine(
            "The server needs only the hash; separate several with commas. "
            + "Clients send 'Authorization: Bearer KEY'; 'ingest submit' and 'ingest events' read the key from INGEST_API_KEY.");
        return CommandLine.Success;
    }
}
