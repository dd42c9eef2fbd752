import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/**
 * The networks of a run. The run's own one is that of headquarters: guests, the payment provider and everything else that
 * headquarters stands on are here as well. A router stands between it and the parks, each of which has a network of its own, with two
 * cables: one to the router, one to the gates and the desk, whose far end is here.
 */
export type Network = {
  /** Where headquarters is reached from everywhere. */
  readonly hqAddress: string;
  /** Where gates and the desk reach the node of their park. */
  addressOf(parkId: string): string;
  /** Words to put before a command that runs at a park. */
  at(parkId: string): readonly string[];
  /** A cable is pulled, or put back: packets vanish, and nobody hangs up. */
  setCable(parkId: string, cable: Cable, state: 'down' | 'up'): void;
};

export type Cable = 'street' | 'gates';

const NAMES = '/run/netns';
const ROUTER = 'router';
const HQ = '10.77.0.2';

const within = (name: string): readonly string[] => ['nsenter', `--net=${NAMES}/${name}`];

function run(...words: readonly string[]): void {
  const [program = '', ...rest] = words;
  execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const ip = (words: string): void => run('ip', ...words.split(' '));
const ipAt = (name: string, words: string): void => run(...within(name), 'ip', ...words.split(' '));

function addNamespace(name: string): void {
  ip(`netns add ${name}`);
  ipAt(name, 'link set lo up');
}

/** A cable between here and a namespace, or between the router and one. */
function lay(from: { readonly name: string | null; readonly end: string; readonly address: string }, to: typeof from) {
  const [near, far] = [from.name, to.name].map((name) => (name === null ? '' : ` netns ${name}`));
  ip(`link add name ${from.end}${near} type veth peer name ${to.end}${far}`);
  for (const { name, end, address } of [from, to]) {
    const at = (words: string): void => (name === null ? ip(words) : ipAt(name, words));
    at(`addr add ${address}/24 dev ${end}`);
    at(`link set ${end} up`);
  }
}

/** Lays all cables. Only in a network and a mount namespace of one's own: they end with it. */
export function openNetwork(parkIds: readonly string[]): Network {
  // What is named here is named for this run alone.
  mkdirSync(NAMES, { recursive: true });
  run('mount', '-t', 'tmpfs', 'none', NAMES);
  ip('link set lo up');
  addNamespace(ROUTER);
  run(...within(ROUTER), 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  lay({ name: null, end: 'street', address: HQ }, { name: ROUTER, end: 'hq', address: '10.77.0.1' });
  ip('route add 10.77.0.0/16 via 10.77.0.1');
  const numbers = new Map(parkIds.map((parkId, index) => [parkId, index + 1]));
  for (const [parkId, number] of numbers) {
    addNamespace(parkId);
    const network = `10.77.${number}`;
    lay(
      { name: ROUTER, end: parkId, address: `${network}.1` },
      { name: parkId, end: 'street', address: `${network}.2` },
    );
    ipAt(parkId, `route add default via ${network}.1`);
    lay(
      { name: null, end: `to-${parkId}`, address: `10.78.${number}.2` },
      { name: parkId, end: 'gates', address: `10.78.${number}.1` },
    );
  }
  return {
    hqAddress: HQ,
    addressOf: (parkId) => `10.78.${numbers.get(parkId) ?? 0}.1`,
    at: (parkId) => within(parkId),
    setCable: (parkId, cable, state) =>
      cable === 'street' ? ipAt(ROUTER, `link set ${parkId} ${state}`) : ipAt(parkId, `link set gates ${state}`),
  };
}
