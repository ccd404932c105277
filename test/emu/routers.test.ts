// Routers as containers, on paper: who is where, the links between them, and the ways over what works.

import { describe, expect, it } from 'vitest';
import { runId } from '../../emu/names.js';
import {
  attachHostEnds,
  configureLinks,
  configureRouter,
  configureVnode,
  createLinks,
  pinnedCongestionControl,
  routerRoutes,
} from '../../emu/network.js';
import { planRange, type RouterPlan } from '../../emu/range-plan.js';
import { reshapeAccess, shapePipe, shapeVnode } from '../../emu/shaping.js';
import { Routing, type ScenarioDocument, scenarioSchema } from '../../models/index.js';
import { scenarioTarget } from '../../sim/index.js';

const run = runId('0a1b2c');
const lines = (command: { input?: string } | null): string[] => command?.input?.trim().split('\n') ?? [];

function planned(document: Partial<ScenarioDocument> = {}) {
  const scenario = scenarioSchema.parse({
    name: 'routed',
    workload: { kind: 'pairs', pairs: 2 },
    link: { up: '2Mbit/s', down: '3Mbit/s' },
    network: { topology: { generate: { kind: 'ring', routers: 3, rate: '10Mbit/s', delay: '0ns' } } },
    ...document,
  });
  const plan = planRange(scenario, 0, scenarioTarget(scenario));
  return { scenario, plan, routed: plan.routed as RouterPlan };
}

describe('a range with routers', () => {
  const { scenario, plan, routed } = planned();
  const [first, second] = routed.routers;

  it('has a bridge and an address at the end of the range for each, and vnodes on them in turn', () => {
    expect(routed.routers.map(({ name, index, address }) => `${name} ${index} ${address}`)).toEqual([
      'router-1 4 198.19.255.254',
      'router-2 5 198.19.255.253',
      'router-3 6 198.19.255.252',
    ]);
    expect(plan.vnodes.map(({ bridge }) => bridge)).toEqual([0, 1, 2, 0]);
    expect(lines(attachHostEnds(run, plan))[4]).toBe('link set rf0a1b2ch4 master rf0a1b2cb0 up');
  });

  it('sends each vnode through its router, whom it need not ask for', () => {
    const [vnode] = plan.vnodes;
    expect(lines(configureVnode(run, vnode!, plan, scenario)).slice(3)).toEqual([
      'link set rf0a1b2cv0 address 02:72:66:00:00:00 up',
      'neigh replace 198.19.255.254 lladdr 02:72:66:00:00:04 dev rf0a1b2cv0 nud permanent',
      'route add 198.19.255.254 dev rf0a1b2cv0 scope link src 198.18.0.1',
      'route add 198.18.0.0/15 via 198.19.255.254 dev rf0a1b2cv0 src 198.18.0.1 congctl cubic',
    ]);
    expect(lines(configureRouter(run, first!, plan)).filter((line) => line.startsWith('neigh'))).toHaveLength(2);
    const told = '[{"dst":"198.19.255.254"},{"dst":"198.18.0.0/15","metrics":[{"congestion":"reno"}]}]';
    expect(pinnedCongestionControl(told)).toBe('reno');
  });

  it('joins routers by veths whose ends have one hardware address', () => {
    expect(lines(createLinks(run, routed, [11, 22, 33]))).toEqual([
      'link add name rf0a1b2cp0 netns 11 type veth peer name rf0a1b2cp1 netns 22',
      'link add name rf0a1b2cp2 netns 22 type veth peer name rf0a1b2cp3 netns 33',
      'link add name rf0a1b2cp4 netns 33 type veth peer name rf0a1b2cp5 netns 11',
    ]);
    const ends = [0, 1].map((router) => lines(configureLinks(run, router, routed, 1500))[0]);
    expect(ends).toEqual([
      'link set rf0a1b2cp0 address 02:72:67:00:00:00 mtu 1500 arp off up',
      'link set rf0a1b2cp1 address 02:72:67:00:00:00 mtu 1500 arp off up',
    ]);
  });

  it('has ways over what works, and black holes where nothing does', () => {
    const routing = new Routing(routed.network);
    const ways = () => lines(routerRoutes(run, { ...first! }, plan, routing));
    expect(ways()).toEqual([
      'route replace 198.18.0.1/32 dev rf0a1b2cv4 scope link',
      'route replace 198.18.0.2/32 dev rf0a1b2cp0 scope link',
      'route replace 198.18.0.3/32 dev rf0a1b2cp5 scope link',
      'route replace 198.18.0.4/32 dev rf0a1b2cv4 scope link',
    ]);
    routing.mend(0, false);
    expect(ways()[1]).toBe('route replace 198.18.0.2/32 dev rf0a1b2cp5 scope link');
    routing.mend(5, false);
    expect(ways()[1]).toBe('route replace blackhole 198.18.0.2/32');
    expect(lines(routerRoutes(run, second!, plan, routing))[1]).toBe(
      'route replace 198.18.0.2/32 dev rf0a1b2cv5 scope link',
    );
  });

  it('shapes pipes by rate, and by netem before it where there ever is delay or loss', () => {
    const bucket = 'handle 1: tbf rate 10000000bit burst 5000 limit 30280';
    expect(lines(shapePipe(run, routed.pipes[0]!, scenario))).toEqual([`qdisc add dev rf0a1b2cp0 root ${bucket}`]);
    const slow = planned({ changes: [{ at: '1s', link: ['router-2', 'router-1'], delay: '5ms', loss: '1%' }] });
    const [pipe] = slow.routed.pipes;
    expect(slow.routed.pipes.map(({ netem }) => netem)).toEqual([true, true, false, false, false, false]);
    expect(lines(shapePipe(run, pipe!, scenario, { ...pipe!.quality, delay: 5e6, loss: 0.01 }, 'change'))).toEqual([
      'qdisc change dev rf0a1b2cp0 root handle 2: netem limit 100000 delay 5ms loss 1%',
      `qdisc change dev rf0a1b2cp0 parent 2:1 ${bucket}`,
    ]);
  });

  it("gives vnodes' links the rates of the network, and other ones on the way", () => {
    const [vnode] = plan.vnodes;
    expect(lines(shapeVnode(run, vnode!, scenario))[0]).toMatch(/rf0a1b2cv0 root .*rate 2000000bit/);
    expect(lines(reshapeAccess(run, vnode!, scenario, 'down', 1e6))[0]).toMatch(
      /^qdisc change dev rf0a1b2ch0 root .*rate 1000000bit/,
    );
  });
});
