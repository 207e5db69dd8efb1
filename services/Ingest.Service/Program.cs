Ingest.Service.Operations.NativeMemory.ReturnLargeBlocks();
return Ingest.Service.Cli.CommandLine.Run(args);
