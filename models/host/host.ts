// A host as the simulator takes it: one platform of a profile, in plain numbers, with the kernel's limits in force.

import type { ClientProfile } from '../bittorrent/index.js';
import { InputError } from '../input-error.js';
import type { Stress } from '../interference.js';
import type { Source } from '../run-record.js';
import { encapsulationCost } from './encapsulation.js';
import { type Kernel, kernels } from './kernel.js';
import { type HostProfile, type Platform, type Values, values } from './profile.js';
import { technologies } from './technologies/index.js';
import { TECHNOLOGIES, type Technology } from './technology-name.js';

export interface NeighbourThresholds {
  readonly gcThresh1: number;
  readonly gcThresh2: number;
  readonly gcThresh3: number;
}

export type SharedCores = Values<NonNullable<Platform['sharedCores']>>;

export interface Host {
  readonly name: string;
  readonly technology: Technology;
  readonly kernel: Kernel;
  /** No costs and no limits: the host of an ideal twin. */
  readonly ideal: boolean;
  readonly cores: number;
  /** The cores are a hypervisor's, which has those that are idle for long. */
  readonly virtual: boolean;
  /** Undefined: nobody else uses the cores. */
  readonly sharedCores: SharedCores | undefined;
  readonly cpu: Values<Platform['cpu']>;
  readonly memory: Values<Platform['memory']>;
  readonly disk: Values<Platform['disk']>;
  /** Undefined: containers, no virtual machines. */
  readonly guest: Values<NonNullable<Platform['guest']>> | undefined;
  /** Of `cpu.forwardPerPacket`, what telling links apart takes, ns. */
  readonly encapsulationPerPacket: number;
  /** ns to look at one rule of the list that shapes links; 0: there is none. */
  readonly ruleCost: number;
  /** ns for each segment of a super-packet that is cut in software. */
  readonly segmentCost: number;
  /** How fast all its vnodes together can write, bits per second. */
  readonly writeRate: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Bits per second; one way through the fabric in ns. */
  readonly nicRate: number;
  readonly fabricDelay: number;
  /** The least certain source among its CPU costs. */
  readonly source: Source;
  readonly setupPerContainer: number;
  readonly parallelSetup: number;
  /** ns to get the image there first; 0: it is. */
  readonly imageOnce: number;
  readonly processesPerContainer: number;
  /** By name, what was measured of clients on this host. */
  readonly clients: Readonly<Record<string, Pick<ClientProfile, 'startWork' | 'memoryBase'> | undefined>>;
  /** Speed lost beside each stress, as measured on this host, else as published of its technology; undefined: not known. */
  readonly interference: Readonly<Record<Stress, number>> | undefined;
  readonly limits: { readonly neighbours: NeighbourThresholds; readonly backlog: number; readonly bridgePorts: number };
}

export type LimitsMode = 'raised' | 'stock';

/** Defaults of net/core/neighbour.c and net/ipv4/arp.c. */
const STOCK_NEIGHBOURS: NeighbourThresholds = { gcThresh1: 128, gcThresh2: 512, gcThresh3: 1024 };
const UNLIMITED: NeighbourThresholds = { gcThresh1: Infinity, gcThresh2: Infinity, gcThresh3: Infinity };
/** The remedy of the RoEduNet paper: caches larger by a factor of 256. */
const RAISED_FACTOR = 256;
/** net.core.netdev_max_backlog, and what `raised` sets it to. */
const STOCK_BACKLOG = 1000;
const RAISED_BACKLOG = 100_000;
/** net/bridge/br_private.h: BR_MAX_PORTS is 1 << 10, port 0 unused. No sysctl moves it. */
const BRIDGE_PORTS = 1023;

/** @throws InputError when the profile has no such platform. */
export function resolveHost(profile: HostProfile, technology: Technology | undefined, limits: LimitsMode): Host {
  const chosen = technology ?? profile.defaultTechnology;
  const platform = profile.platforms[chosen];
  if (!platform)
    throw new InputError(
      '--tech',
      `a technology of ${profile.name} (${Object.keys(profile.platforms).join(', ')}${profile.platforms.lxc ? `; others derived from lxc: ${TECHNOLOGIES.join(', ')}` : ''})`,
      chosen,
    );
  const stock = limits === 'stock';
  const own = platform.gcThresh3?.value;
  const neighbours = own === undefined ? multiplied(STOCK_NEIGHBOURS, stock ? 1 : RAISED_FACTOR) : upTo(own);
  const cpu = values(platform.cpu);
  const encapsulationPerPacket = encapsulationCost(platform);
  return {
    name: profile.name,
    technology: chosen,
    kernel: kernels[platform.kernel],
    ideal: false,
    cores: platform.cores.value,
    virtual: platform.virtual ?? false,
    sharedCores: platform.sharedCores && values(platform.sharedCores),
    cpu: { ...cpu, forwardPerPacket: cpu.forwardPerPacket + encapsulationPerPacket },
    encapsulationPerPacket,
    ruleCost: platform.ruleCost?.value ?? 0,
    segmentCost: platform.segmentCost?.value ?? 0,
    writeRate: writeRateOf(platform, profile.hardware.nicRate.value),
    memory: values(platform.memory),
    disk: values(platform.disk),
    guest: platform.guest && values(platform.guest),
    memoryBytes: profile.hardware.memory.value,
    diskBytes: profile.hardware.disk.value,
    nicRate: profile.hardware.nicRate.value,
    fabricDelay: profile.hardware.fabricDelay.value,
    source: weakestSource(platform),
    setupPerContainer: platform.setupPerContainer.value,
    parallelSetup: platform.parallelSetup.value,
    imageOnce: platform.imageOnce?.value ?? 0,
    processesPerContainer: platform.processesPerContainer.value,
    clients: Object.fromEntries(
      Object.entries(platform.clients ?? {}).map(([name, one]) => [name, one && values(one)]),
    ),
    interference: sharesOf(platform.interference ?? technologies[chosen].interference),
    limits: {
      neighbours: kernels[platform.kernel].neighbourThresholds ? neighbours : UNLIMITED,
      backlog: platform.backlog?.value ?? (stock ? STOCK_BACKLOG : RAISED_BACKLOG),
      bridgePorts: BRIDGE_PORTS,
    },
  };
}

const sharesOf = (table: Platform['interference'] | null): Readonly<Record<Stress, number>> | undefined =>
  table ? values(table) : undefined;

/** Local disks are striped; a server is reached through the NIC. */
function writeRateOf({ storage }: Platform, nicRate: number): number {
  if (!storage) return Number.POSITIVE_INFINITY;
  const disks = storage.spindles.value * storage.writeRate.value;
  return storage.kind === 'network' ? Math.min(nicRate, disks) : disks;
}

function multiplied({ gcThresh1, gcThresh2, gcThresh3 }: NeighbourThresholds, factor: number): NeighbourThresholds {
  return { gcThresh1: gcThresh1 * factor, gcThresh2: gcThresh2 * factor, gcThresh3: gcThresh3 * factor };
}

/** In the proportion of the stock thresholds. */
const upTo = (gcThresh3: number): NeighbourThresholds => ({
  gcThresh1: Math.floor(gcThresh3 / 8),
  gcThresh2: Math.floor(gcThresh3 / 2),
  gcThresh3,
});

/** The least certain source among a platform's CPU costs, which decide most. */
function weakestSource({ cpu }: Platform): Source {
  const order: readonly Source[] = ['assumed', 'default', 'published', 'measured'];
  const sources = Object.values(cpu).map(({ source }) => source);
  return order.find((source) => sources.includes(source)) ?? 'measured';
}

/** The host of the ideal twin: the same kernel's protocols, no costs, no limits. */
export function idealHost(host: Host): Host {
  return {
    ...host,
    ideal: true,
    limits: {
      neighbours: UNLIMITED,
      backlog: Infinity,
      bridgePorts: Infinity,
    },
  };
}

/** The host with links that are not told apart below the network layer. */
export const withoutEncapsulation = (host: Host): Host => ({
  ...host,
  cpu: { ...host.cpu, forwardPerPacket: host.cpu.forwardPerPacket - host.encapsulationPerPacket },
  encapsulationPerPacket: 0,
});
