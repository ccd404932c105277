// The benchmark's star in ns-3: pairs of hosts around one hub, each with a link of its own; in every pair the client
// sends a file over TCP. Prints one line of JSON. Built against libns3-dev (3.37 in Debian 12).
//
// As fast as ns-3 does it: routes are nix vectors, so that no table is looked through at the hub; no queueing discipline
// lies above the devices' own queues; nothing is traced but each file's last byte; packet-hops are read off the queues'
// own counters after the run. Only Simulator::Run is timed.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/nix-vector-routing-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

using namespace ns3;

namespace
{

constexpr uint16_t kPort = 5001;
/** Pairs start within this time of each other, as the other side's do. */
constexpr double kStartSpread = 0.02;

struct Transfer
{
    uint64_t received = 0;
    Time started;
    Time completed;
};

std::vector<Transfer> transfers;
uint64_t fileBytes = 0;

void
Received(uint32_t pair, Ptr<const Packet> packet, const Address&)
{
    Transfer& transfer = transfers[pair];
    transfer.received += packet->GetSize();
    if (transfer.received == fileBytes)
    {
        transfer.completed = Simulator::Now();
    }
}

/** Linux's TCP on an Ethernet, as far as ns-3 has it. */
void
ConfigureTcp()
{
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TcpCubic::GetTypeId()));
    Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(true));
    Config::SetDefault("ns3::TcpSocketBase::Timestamp", BooleanValue(true));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(200)));
    Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
    Config::SetDefault("ns3::TcpSocket::DelAckCount", UintegerValue(2));
    Config::SetDefault("ns3::TcpSocket::DelAckTimeout", TimeValue(MilliSeconds(40)));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(4u << 20));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(4u << 20));
}

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t pairs = 20;
    uint64_t bytes = 1000000;
    std::string rate = "10Mbps";
    std::string delay = "5ms";
    std::string queue = "100p";
    CommandLine command;
    command.AddValue("pairs", "pairs of hosts", pairs);
    command.AddValue("bytes", "bytes that each pair sends", bytes);
    command.AddValue("rate", "rate of each link", rate);
    command.AddValue("delay", "propagation delay of each link", delay);
    command.AddValue("queue", "length of each link's queue", queue);
    command.Parse(argc, argv);
    fileBytes = bytes;
    transfers.resize(pairs);
    ConfigureTcp();

    Ptr<Node> hub = CreateObject<Node>();
    NodeContainer leaves;
    leaves.Create(2 * pairs);
    InternetStackHelper internet;
    internet.SetRoutingHelper(Ipv4NixVectorHelper());
    internet.SetIpv6StackInstall(false);
    internet.Install(NodeContainer(NodeContainer(hub), leaves));

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", StringValue(delay));
    link.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue(queue));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.252");
    TrafficControlHelper disciplines;
    NetDeviceContainer devices;
    std::vector<Ipv4Address> addressOf;
    for (uint32_t leaf = 0; leaf < 2 * pairs; leaf++)
    {
        NetDeviceContainer ends = link.Install(leaves.Get(leaf), hub);
        addressOf.push_back(addresses.Assign(ends).GetAddress(0));
        addresses.NewNetwork();
        disciplines.Uninstall(ends);
        devices.Add(ends);
    }

    for (uint32_t pair = 0; pair < pairs; pair++)
    {
        const InetSocketAddress server(addressOf[2 * pair + 1], kPort);
        PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), kPort));
        ApplicationContainer receiver = sink.Install(leaves.Get(2 * pair + 1));
        receiver.Get(0)->TraceConnectWithoutContext("Rx", MakeBoundCallback(&Received, pair));
        BulkSendHelper bulk("ns3::TcpSocketFactory", server);
        bulk.SetAttribute("MaxBytes", UintegerValue(bytes));
        bulk.SetAttribute("SendSize", UintegerValue(131072));
        ApplicationContainer sender = bulk.Install(leaves.Get(2 * pair));
        transfers[pair].started = Seconds(kStartSpread * pair / pairs);
        sender.Start(transfers[pair].started);
    }

    const auto begun = std::chrono::steady_clock::now();
    Simulator::Run();
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();

    uint64_t hops = 0;
    uint64_t dropped = 0;
    for (uint32_t index = 0; index < devices.GetN(); index++)
    {
        const Ptr<Queue<Packet>> held = DynamicCast<PointToPointNetDevice>(devices.Get(index))->GetQueue();
        hops += held->GetTotalReceivedPackets() - held->GetNPackets();
        dropped += held->GetTotalDroppedPackets();
    }
    double total = 0;
    uint32_t completed = 0;
    for (const Transfer& transfer : transfers)
    {
        if (transfer.completed.IsZero())
        {
            continue;
        }
        completed++;
        total += (transfer.completed - transfer.started).GetSeconds();
    }
    std::printf("{\"packetHops\":%llu,\"dropped\":%llu,\"events\":%llu,\"completed\":%u,\"meanCompletionSeconds\":%.6f,"
                "\"wallSeconds\":%.6f}\n",
                static_cast<unsigned long long>(hops),
                static_cast<unsigned long long>(dropped),
                static_cast<unsigned long long>(Simulator::GetEventCount()),
                completed,
                completed > 0 ? total / completed : 0,
                wall);
    Simulator::Destroy();
    return 0;
}
