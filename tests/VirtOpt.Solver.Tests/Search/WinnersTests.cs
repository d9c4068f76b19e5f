using VirtOpt.Solver.Search;
using VirtOpt.Solver.Search.Candidates;
using VirtOpt.Solver.Search.Kernels;
using VirtOpt.Solver.Search.Local;
using VirtOpt.Solver.Search.Local.Moves;

namespace VirtOpt.Solver.Tests.Search;

/// <summary>Threads that meet go on from the best placement among those who are there.</summary>
public sealed class WinnersTests
{
    private const int Hosts = 6;
    private readonly SearchWorker worse;
    private readonly SearchWorker better;

    public WinnersTests()
    {
        ClusterSnapshot cluster = new(
            [new("cpu", "core")],
            [.. Enumerable.Range(0, Hosts).Select(h => new Host { Name = $"h{h}", Capacity = [100] })],
            [.. Enumerable.Range(0, Hosts).Select(v => new VirtualMachine { Name = $"v{v}", Demand = [10], Start = new Place(new HostId(0)) })]);
        SolveSession session = new(
            new PlacementProblem(cluster) { Objectives = [new LoadDeviation()] }, new MaxWork(1), new SolveOptions(), TestContext.Current.CancellationToken);
        session.Offer(Placement.StartOf(cluster).Places, "start");
        CandidateTable candidates = new(session.Model, session.Filter, session.Table);
        SearchModel model = new(session.Model, session.Scoring, session.BestScore!.Value, 0);
        SearchWorker At(Place[] places) => new(
            new SearchState(model, places), candidates, new SizeOrder(cluster, candidates), new FastRandom(1), MoveCatalogue.Entries);
        worse = At([.. Placement.StartOf(cluster).Places]);
        better = At([.. Enumerable.Range(0, Hosts).Select(h => new Place(new HostId(h)))]);
    }

    [Fact]
    public void AllFollowTheBestOfThoseWhoMeet()
    {
        using Winners winners = new([worse, better], Hosts);
        winners.MeetAt(0, 0.4); // too early: nobody is waited for
        Assert.Equal(0, worse.State.PlaceOf(Hosts - 1).Host.Index);
        SolveSession.OnThreads(2, thread => winners.MeetAt(thread, 0.5));
        for (int vm = 0; vm < Hosts; vm++)
        {
            Assert.Equal(vm, worse.State.PlaceOf(vm).Host.Index);
            Assert.Equal(vm, better.State.PlaceOf(vm).Host.Index);
        }
    }

    /// <summary>Who has left goes on with its own work on its placement: to read it then would be a race.</summary>
    [Fact]
    public void WhoHasLeftIsNotFollowed()
    {
        using Winners winners = new([worse, better], Hosts);
        winners.Leave();
        winners.MeetAt(0, 0.5);
        for (int vm = 0; vm < Hosts; vm++) Assert.Equal(0, worse.State.PlaceOf(vm).Host.Index);
    }
}
