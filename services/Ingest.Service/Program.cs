return Ingest.Service.Cli.CommandLine.Run(args);
