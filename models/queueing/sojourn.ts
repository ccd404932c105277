// Mean time in a queueing system, waiting and service together, for Poisson arrivals (Kleinrock, Queueing Systems I).

/** Of one server with a constant service time; `load` below 1. In the unit of `service`. */
export function sojournMD1(service: number, load: number): number {
  return service * (1 + load / (2 * (1 - load)));
}

/** Of one server with exponential service times of mean `service`. */
export function sojournMM1(service: number, load: number): number {
  return service / (1 - load);
}

/** Of `servers` equal servers with exponential service times; `load` is that of each server. Erlang's C formula. */
export function sojournMMk(service: number, load: number, servers: number): number {
  const offered = load * servers;
  // Erlang's B by its recurrence, from which C follows without factorials.
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked);
  const waits = blocked / (1 - load * (1 - blocked));
  return service + (waits * service) / (servers * (1 - load));
}
