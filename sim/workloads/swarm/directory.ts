// What a swarm is given: its members and where they live, the rules of who meets whom, and what work costs there.

import type { ClientProfile, PeerSelection, SwarmWorkload } from '../../../models/index.js';
import type { Endpoints } from '../../endpoints.js';
import type { RandomStream } from '../../random.js';
import type { Simulator } from '../../simulator.js';
import type { Streams, Tasks } from '../../transport.js';

export interface SwarmMember {
  readonly vnode: number;
  readonly role: 'tracker' | 'seeder' | 'leecher';
  /** Index of its host, into `costs`. */
  readonly host: number;
  /** Times of its own, ns; `until` undefined: it stays. Absent: as the workload says. */
  readonly session?: { readonly from: number; readonly until?: number | undefined };
}

/** What a host's CPU takes for an application's work; the client's own part comes from its profile. */
export interface ApplicationCosts {
  /** ns a read or write of a socket. */
  readonly systemCall: number;
  /** ns a byte copied between socket and application. */
  readonly copyPerByte: number;
  /** Speed of application code relative to a T7500 core; the profile's costs are divided by it. */
  readonly applicationSpeed: number;
}

export interface SwarmSetting {
  readonly workload: SwarmWorkload;
  readonly client: ClientProfile;
  /** Exactly one tracker. Indexes into this list are what the swarm calls members. */
  readonly members: readonly SwarmMember[];
  /** By host index; null: an ideal host. Absent: all are. */
  readonly costs?: readonly (ApplicationCosts | null)[];
  /** What the client takes, by host index. Absent: as its profile says, on all hosts. */
  readonly clients?: readonly Pick<ClientProfile, 'startWork' | 'memoryBase' | 'memoryPerConnection'>[];
  /** Whom the tracker hands out, as member indexes; absent: uniformly at random. */
  readonly selection?: PeerSelection;
  /** Whether two members are on one local network, which some clients favour; absent: none are. */
  readonly sameNetwork?: (member: number, other: number) => boolean;
  readonly simulator: Simulator;
  readonly endpoints: Endpoints;
  readonly streams: Streams;
  readonly tasks: Tasks;
  /** The random stream of that name. */
  readonly random: (name: string) => RandomStream;
  /** Announces that the tracker gets in the whole range, for each one here; absent: 1. */
  readonly announceWeight?: number;
  /** Called once when the last leecher has everything or has left. */
  readonly finished?: () => void;
}
