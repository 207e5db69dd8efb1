using Ingest.Accuracy.Cleaning;
using Ingest.Accuracy.Stories;

// A set of labelled data a word, then what to do with it; the cleaning set's commands may stand alone.
string[] command = args is ["cleaning", _, ..] ? args[1..] : args;
switch (command)
{
    case ["train"]:
        CleaningCommands.Train();
        return 0;
    case ["train-pages"]:
        CleaningCommands.TrainPages();
        return 0;
    case ["cross-validate-pages"]:
        return CleaningCommands.CrossValidatePages();
    case ["cross-validate"]:
        return CleaningCommands.CrossValidate();
    case ["losses"]:
        return CleaningCommands.Losses();
    case ["streams"]:
        return Streams.Score(judged: 50);
    case ["cleaning"]:
        return CleaningCommands.Score();
    case ["stories"]:
        return StoryCommands.Score();
    case ["stories", "cross-validate"]:
        return StoryCommands.CrossValidate();
    case ["stories", "methods"]:
        return StoryCommands.Compare();
    default:
        Console.Error.WriteLine("usage: cleaning | train | train-pages | cross-validate | cross-validate-pages | losses | streams | stories | stories cross-validate | stories methods");
        return 2;
}
