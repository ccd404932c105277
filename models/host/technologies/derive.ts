// A technology on a host that is only known with plain containers: their costs, changed by what differs.

import type { HostProfile, Parameter, Platform } from '../profile.js';
import type { Technology } from '../technology-name.js';
import { technologies } from './catalogue.js';
import type { TechnologyModel } from './technology.js';

type Differences = NonNullable<TechnologyModel['differs']>;
type Factor = NonNullable<Differences['cpu'][keyof Differences['cpu']]>;

/** Intervals multiply: the factor is as uncertain as what it is taken of. */
function multiplied(base: Parameter, { times, low, high, note }: Factor): Parameter {
  const { value, low: from = value, high: to = value } = base;
  const rounded = (number: number) => (Number.isInteger(value) ? Math.round(number) : number);
  return {
    value: rounded(value * times),
    low: rounded(from * low),
    high: rounded(to * high),
    source: 'assumed',
    note: `${times} times plain containers' (${base.source}): ${note}`,
  };
}

function derived(base: Platform, { cpu, ...others }: Differences): Platform {
  const { interference: _, encapsulation: __, imageOnce: ___, guest: ____, ruleCost: _____, ...kept } = base;
  const costs = Object.entries(base.cpu).map(([name, parameter]) => {
    const factor = cpu[name as keyof typeof cpu];
    return [name, factor ? multiplied(parameter, factor) : parameter];
  });
  const told = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  return { ...kept, ...told, cpu: Object.fromEntries(costs) } as Platform;
}

/** The profile with this technology; unchanged where it has it, or has no plain containers to derive it from. */
export function withTechnology(profile: HostProfile, technology: Technology): HostProfile {
  const plain = profile.platforms.lxc;
  const { differs } = technologies[technology];
  if (profile.platforms[technology] || !plain || !differs) return profile;
  return { ...profile, platforms: { ...profile.platforms, [technology]: derived(plain, differs) } };
}
