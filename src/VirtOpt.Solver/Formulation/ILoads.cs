namespace VirtOpt.Solver.Formulation;

/// <summary>The loads of all cells as expressions of the variables of a program, as far as terms are written with them.</summary>
internal interface ILoads
{
    /// <summary>The family that counts VMs by host, if the problem has it.</summary>
    LoadFamily? VmCount { get; }

    /// <summary>The load of a cell.</summary>
    LinearExpression this[LoadFamily family, int cell] { get; }

    /// <summary>The load of a cell that variables do not change.</summary>
    long Fixed(LoadFamily family, int cell);

    /// <summary>The cells that variables can change, ascending.</summary>
    IReadOnlyList<int> CellsOf(LoadFamily family);

    /// <summary>How many cells a cell stands for; 0 if another one stands for it.</summary>
    int CountOf(LoadFamily family, int cell) => 1;

    /// <summary>The smallest and the largest load of a cell in a valid placement.</summary>
    (long Low, long High) Range(LoadFamily family, int cell);

    /// <summary>The host of a cell, if the cells of the family are hosts or parts of hosts.</summary>
    int? HostOf(LoadFamily family, int cell);

    /// <summary>The load of all cells that variables can change, together; null if it depends on who migrates.</summary>
    long? TotalOf(LoadFamily family);

    /// <summary>The load of a cell in its smallest parts, each of which uses the cell where it is above 0.</summary>
    IEnumerable<LinearExpression> PartsOf(LoadFamily family, int cell);
}
