// What is read from the kernel and from clients is understood as they mean it.

import { describe, expect, it } from 'vitest';
import { cgroupLayout } from '../../emu/cgroup.js';
import { downloaded } from '../../emu/clients/aria2.js';
import { cpuTimes, interfaces, neighbourTable, segments, slabObjects, softnet } from '../../emu/counters.js';
import { disturbances, foreignSeconds } from '../../emu/disturbance.js';
import { latencyProgram, traversals } from '../../emu/latency-trace.js';
import { trackMilestones } from '../../emu/milestones.js';
import { busySeconds, type Look, memoryParts } from '../../emu/monitor.js';
import { refusals } from '../../emu/neighbour-trace.js';
import { onTop, onTopProgram } from '../../emu/soaker.js';
import { tcpInUse, tcpSockets } from '../../emu/sockets.js';
import { contentBytes, infoHash, makeMetainfo } from '../../emu/torrent.js';
import { phaseOf, roundTrips } from '../../emu/workloads/latency.js';
import { iperfClient, readIperf } from '../../emu/workloads/pairs.js';

describe('the kernel', () => {
  it('counts CPU in hundredths, and switches and interrupts beside it', () => {
    const times = cpuTimes('cpu  100 50 25 1000 30 5 20 10 0 0\ncpu0 1 1\nintr 77 1 2\nctxt 99\n');
    expect(times).toMatchObject({ user: 1.5, system: 0.25, idle: 10, iowait: 0.3, softirq: 0.2, steal: 0.1 });
    expect(times).toMatchObject({ contextSwitches: 99, interrupts: 77 });
  });

  it('counts interfaces, backlog drops and neighbours in its own notations', () => {
    const dev = 'Inter-|x\n face |y\n  eth0: 100 2 0 3 0 0 0 0 200 4 0 5 0 0 0 0\n';
    expect(interfaces(dev).get('eth0')).toEqual({
      receivedBytes: 100,
      receivedPackets: 2,
      receivedDrops: 3,
      sentBytes: 200,
      sentPackets: 4,
      sentDrops: 5,
    });
    expect(softnet('00000010 0000000a 00000001 0\n00000001 00000001 00000000 0\n')).toEqual({
      dropped: 11,
      squeezed: 1,
    });
    const arp = 'entries  allocs table_fulls\n000003fe  00000001 00000002\n000003fe  00000001 00000010\n';
    expect(neighbourTable(arp)).toEqual({ entries: 1022, overflows: 18 });
  });

  it('keeps objects in slabs, whose room is not theirs', () => {
    const slabinfo = [
      'slabinfo - version: 2.1',
      '# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit>',
      'dentry              1000   2100    192   21    1 : tunables    0    0    0 : slabdata    100    100      0',
      'task_struct            3     70   4416    7    8 : tunables    0    0    0 : slabdata     10     10      0',
      '',
    ].join('\n');
    expect(slabObjects(slabinfo)).toBe(1000 * 192 + 3 * 4416);
    expect(slabObjects('')).toBeNull();
    const meminfo = 'Slab:               800 kB\nPercpu:               4 kB\n';
    expect(memoryParts(meminfo, '', slabinfo)).toMatchObject({ slab: 205_248, perCpu: 4096 });
    expect(memoryParts(meminfo, '', '')).toMatchObject({ slab: 800 * 1024 });
  });

  it('counts each segment of a super-packet, retransmissions included', () => {
    const snmp = 'Tcp: InSegs OutSegs RetransSegs\nTcp: 10 20 3\nUdp: InDatagrams OutDatagrams\nUdp: 1 2\n';
    expect(segments(snmp)).toEqual({ sent: 25, received: 11, retransmitted: 3 });
  });

  it('may mix both versions of cgroups', () => {
    const info = [
      '30 29 0:26 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      '31 29 0:27 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ].join('\n');
    const layout = cgroupLayout(info, () => 'memory pids\n');
    expect(layout.kind).toBe('mixed');
    expect(layout.controllers).toEqual({
      cpu: { folder: '/sys/fs/cgroup/cpu', version: 1 },
      memory: { folder: '/sys/fs/cgroup/unified', version: 2 },
      pids: { folder: '/sys/fs/cgroup/unified', version: 2 },
    });
    expect(cgroupLayout('', () => '').kind).toBe('none');
  });

  it('names the interfaces that were refused neighbour entries', () => {
    expect(refusals('ready\n\n@refused[rf0a1b2cv3]: 12\n@refused[rf0a1b2cv10]: 1\n')).toEqual(
      new Map([
        ['rf0a1b2cv3', 12],
        ['rf0a1b2cv10', 1],
      ]),
    );
  });
});

const cpu = { user: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0, contextSwitches: 0, interrupts: 0 };
const at = (seconds: number, of: Partial<Look> = {}): Look =>
  ({ at: seconds, cpu, own: 0, soaked: 0, soakersCharged: 0, completed: 0, payloadBytes: 0, ...of }) as Look;

describe('sockets', () => {
  it('are read with their port, state and what lies unread', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 020012C6:1451 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
      '   1: 020012C6:1451 010012C6:A0B2 01 00000010:005B8D80 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1',
    ].join('\n');
    expect(tcpSockets(`${table}\n`)).toEqual([
      { localPort: 5201, state: '0A', unread: 1 },
      { localPort: 5201, state: '01', unread: 6_000_000 },
    ]);
  });

  it('are counted where the kernel counts them', () => {
    expect(tcpInUse('sockets: used 8\nTCP: inuse 3 orphan 1 tw 7 alloc 12 mem 246\nUDP: inuse 2 mem 0\n')).toBe(3);
    expect(tcpInUse('')).toBe(0);
  });
});

describe('what comes on top of soakers', () => {
  it('is told as it grows, in seconds', () => {
    expect(onTop('')).toBe(0);
    expect(onTop('Attaching 16 probes...\nready\n')).toBe(0);
    expect(onTop('ready\n@top: 1500000000\n\n@top: 2500000000\n\n')).toBe(2.5);
    // A line that has not come whole is not read.
    expect(onTop('ready\n@top: 1500000000\n\n@top: 25')).toBe(1.5);
  });

  it('is traced on the soakers alone, softirqs as a whole', () => {
    const program = onTopProgram([41, 42]);
    expect(program).toContain('tracepoint:irq:softirq_entry /pid == 41 || pid == 42/');
    expect(program).toContain('/(pid == 41 || pid == 42) && @softirq[cpu] == 0/');
  });
});

describe('busy CPU', () => {
  it('is cores x wall - idle - iowait, without the soakers and the monitor', () => {
    const to = at(10, { cpu: { ...cpu, idle: 5, iowait: 1 }, own: 0.5, soaked: 4 });
    expect(busySeconds(at(0), to, 2)).toBeCloseTo(9.5, 6);
  });

  it('is doubted when CPU was stolen, others computed, or the monitor was late', () => {
    expect(disturbances([at(0), at(1), at(2)], 0, 2, 1)).toEqual([]);
    const stolen = disturbances([at(0), at(3, { cpu: { ...cpu, steal: 1 }, own: 2 })], 3, 2, 1).join('\n');
    for (const why of [/steal/, /foreign load/, /monitor: it took/, /came late/]) expect(stolen).toMatch(why);
  });

  it('does not take the packet work on top of other processes for theirs', () => {
    const account = (all: number, softirq: number, kernel = 0) => ({
      ...{ all, ours: 0, own: 0, kernel },
      ticks: { ...cpu, user: all / 4, system: all / 4, softirq },
    });
    const none = account(0, 0);
    expect(foreignSeconds(none, account(4, 0), 0)).toBe(4);
    expect(foreignSeconds(none, account(4, 2), 0)).toBe(2);
    // What ksoftirqd did is on top of nobody.
    expect(foreignSeconds(none, account(4, 2, 2), 0)).toBe(2);
    expect(foreignSeconds(none, account(4, 0), 3)).toBe(1);
  });
});

describe('progress', () => {
  it('reaches each thirty-second part between two looks', () => {
    const milestones = trackMilestones(3200);
    milestones.see(0, new Map([[1, 0]]));
    milestones.see(1, new Map([[1, 200]]));
    milestones.see(2, new Map([[1, 200]]));
    milestones.see(3, new Map([[1, 3200]]));
    const reached = milestones.of(1);
    expect(reached).toHaveLength(32);
    expect(reached[0]).toBeCloseTo(0.5, 6);
    expect(reached[31]).toBeCloseTo(3, 6);
    expect(reached).toEqual([...reached].sort((a, b) => a - b));
  });
});

describe('a torrent', () => {
  it('has the same content and info-hash for the same seed, whatever the tracker', async () => {
    const content = contentBytes('7', 100_000);
    expect(contentBytes('7', 100_000).equals(content)).toBe(true);
    expect(contentBytes('8', 100_000).equals(content)).toBe(false);
    const [one, other] = await Promise.all(
      ['http://198.18.0.1:6969/announce', 'http://10.0.0.1:6969/announce'].map((url) =>
        makeMetainfo(content, 32_768, url),
      ),
    );
    expect(infoHash(one as Buffer)).toMatch(/^[0-9a-f]{40}$/);
    expect(infoHash(one as Buffer)).toBe(infoHash(other as Buffer));
  });
});

describe('iperf3', () => {
  it('is asked for what the scenario says', () => {
    const workload = { kind: 'pairs', pairs: 1, transport: 'udp', duration: 5e9, rate: 8e6, packet: 1000 } as const;
    expect(iperfClient(workload, '198.18.0.2', undefined).args.slice(-9)).toEqual([
      '--time',
      '5',
      '--udp',
      '--length',
      '1000',
      '--pacing-timer',
      '1000',
      '--bitrate',
      '8000000',
    ]);
  });

  it('is read for what arrived', () => {
    const tcp = {
      intervals: [{ streams: [{ rtt: 2000 }] }],
      end: { sum_sent: { bytes: 110 }, sum_received: { bytes: 100, seconds: 2, bits_per_second: 400 } },
    };
    expect(readIperf(JSON.stringify(tcp), 0)).toEqual({
      sent: 110,
      received: 100,
      seconds: 2,
      goodput: 400,
      rtts: [0.002],
    });
    const udp = { end: { sum: { bytes: 5000, seconds: 2, bits_per_second: 1, packets: 5, lost_packets: 1 } } };
    expect(readIperf(JSON.stringify(udp), 1000)).toMatchObject({ sent: 5000, received: 4000, goodput: 16_000 });
    expect(readIperf('{"error": "unable to connect"}', 0)).toBeUndefined();
    expect(readIperf('{"end"', 0)).toBeUndefined();
  });
});

describe('aria2', () => {
  it('tells at its end what came, repeated blocks included', () => {
    const said = (speed: string) => `gid   |stat|avg speed  |path/URI\n000000|OK  |${speed}|/data/content\n`;
    expect(downloaded(said('   325KiB/s'), 10)).toBe(3_328_000);
    expect(downloaded(said('   1.5MiB/s'), 2)).toBe(3 * 2 ** 20);
    expect(downloaded(said('       0B/s'), 2)).toBe(0);
    expect(downloaded(said('        n/a'), 2)).toBeUndefined();
    expect(downloaded('[#000000 SEED(0.6) CN:5 SD:0 UL:381KiB(2.5MiB)]\n', 2)).toBeUndefined();
  });
});

describe('latency', () => {
  it('takes the containers shares off each round trip that was traced whole', () => {
    const traced = traversals(
      'ready\n@egress[1]: 20000\n@egress[2]: 9000\n@ingress[1]: 10000\n@remote[1]: 5000\n@remote[2]: -4\n',
    );
    expect(traced).toEqual([{ sequence: 1, egress: 20_000, remote: 5000, ingress: 10_000 }]);
    const raw = roundTrips(
      '64 bytes from 198.18.0.2: icmp_seq=1 ttl=64 time=0.055 ms\n64 bytes from x: icmp_seq=2 ttl=64 time=1.5 ms\n',
    );
    const { probed } = phaseOf(true, [{ raw, traced }]);
    expect(probed?.corrected.p50).toBeCloseTo(20e-6, 9);
    expect(probed?.coverage).toBe(0.5);
    expect(latencyProgram(42, 'rf0a1b2ch0', 'rf0a1b2ch1')).toContain('/pid == 42/');
  });
});
