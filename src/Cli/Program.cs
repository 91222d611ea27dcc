return await Clew.Cli.CommandLine.RunAsync(args);
