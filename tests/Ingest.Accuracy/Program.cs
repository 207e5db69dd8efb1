using Ingest.Accuracy.Cleaning;

// A set of labelled data a word, then what to do with it; the cleaning set's commands may stand alone.
string[] command = args is ["cleaning", _, ..] ? args[1..] : args;
switch (command)
{
    case ["train"]:
        CleaningCommands.Train();
        return 0;
    case ["cross-validate"]:
        return CleaningCommands.CrossValidate();
    case ["cleaning"]:
        return CleaningCommands.Score();
    default:
        Console.Error.WriteLine("usage: train | cross-validate | cleaning");
        return 2;
}
