Console.WriteLine("clew");
