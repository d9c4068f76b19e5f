namespace VirtOpt;

/// <summary>
/// Electric power of a host against the utilisation of one dimension, linear between the points, as the SPECpower tables give it.
/// A host without VMs counts 0 (it is switched off).
/// </summary>
/// <param name="Points">Utilisation in per cent (ascending, first 0, last 100) and power in watts (at least 0).</param>
/// <param name="Dimension">Name of the dimension whose utilisation counts.</param>
public sealed record PowerCurve(IReadOnlyList<PowerPoint> Points, string Dimension = "cpu");

/// <summary>One measured point of a <see cref="PowerCurve"/>.</summary>
/// <param name="UtilisationPercent">0 to 100.</param>
/// <param name="Watts">Power drawn, at least 0.</param>
public sealed record PowerPoint(int UtilisationPercent, int Watts);
