import { Resolver } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPublicAddress } from './public-addresses.ts';

/** What became of a message to an address that a customer named. Nothing of the answer but its status is ever shown. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number }
  /** The address leads, or now leads, to where we do not send. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export type OutsidePost = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
};

/** A guarded way out. Neither method throws for anything the address or its owner does. */
export type OutsideWorld = {
  /** Why we would not send there, for the person who named it; null when we would. */
  faultOf(url: string): Promise<string | null>;
  /** Posts once. Redirects are answers, not followed. */
  post(message: OutsidePost): Promise<PostOutcome>;
};

type Address = { readonly address: string; readonly family: number };

export type Policy = {
  /** Demo and tests: plain http and any port of this very machine are allowed too. Never in production. */
  readonly allowLoopback: boolean;
  /** Resolves a name to all its addresses; the name servers of the system are asked when absent. */
  readonly resolveAll?: ResolveAll;
};

type ResolveAll = (host: string) => Promise<readonly Address[]>;

/** A name server that is asked in vain is given up after 4.5 s: 1.5 s, and twice that the second time. */
const PATIENCE = { timeout: 1500, tries: 2 };

/** Names that lead to this very machine, whatever a name server says (RFC 6761). */
const LOCAL_NAME = /(?:^|\.)localhost\.?$/;
const LOCAL = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Asks name servers directly, and not by `getaddrinfo`: of that a process has two at once, each held as long as a name server is
 * silent, and others who name addresses may own such servers. Calls to payment providers would wait for their turn behind them. What
 * only the hosts file knows has no address here.
 *
 * @param servers addresses with ports; those of the system when absent
 */
export function createNameResolver(servers?: readonly string[]): ResolveAll {
  const resolver = new Resolver(PATIENCE);
  if (servers !== undefined) resolver.setServers(servers);
  return async (host) => {
    if (LOCAL_NAME.test(host)) return LOCAL;
    const none = (): string[] => [];
    const [four, six] = await Promise.all([resolver.resolve4(host).catch(none), resolver.resolve6(host).catch(none)]);
    return [...four.map((address) => ({ address, family: 4 })), ...six.map((address) => ({ address, family: 6 }))];
  };
}

/** How long a name may take to be resolved while the person waits who named it. */
const NAMING_MS = 5000;

const PORTS = ['', '443', '8443'];
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const bareHost = ({ hostname }: URL): string => hostname.replaceAll(/[[\]]/g, '');

function formFault(url: URL | null, { allowLoopback }: Policy): string | null {
  if (url === null) return 'is not an address';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
  if (allowLoopback && LOOPBACK.includes(bareHost(url)) && /^https?:$/.test(url.protocol)) return null;
  if (url.protocol !== 'https:') return 'must begin with https://';
  return PORTS.includes(url.port) ? null : 'must use port 443 or 8443';
}

/**
 * Sends to addresses that others name, and never to ourselves or our neighbours: names are resolved once, every address of a
 * name must be public, and the connection goes to the very address that was checked, so that a name which resolves
 * differently a moment later gains nothing.
 */
export function createOutsideWorld(policy: Policy): OutsideWorld {
  const { resolveAll = createNameResolver() } = policy;

  /** None when there are none, or nobody tells in time. */
  async function resolved(host: string, withinMs: number): Promise<readonly Address[]> {
    const inTime = new AbortController();
    const tooLate = sleep(withinMs, [], { signal: inTime.signal }).catch(() => []);
    try {
      return await Promise.race([resolveAll(host).catch(() => []), tooLate]);
    } finally {
      inTime.abort();
    }
  }

  /** The addresses to connect to, or why not. */
  async function addressesOf(text: string, withinMs: number): Promise<readonly Address[] | string> {
    const url = URL.canParse(text) ? new URL(text) : null;
    const fault = formFault(url, policy);
    if (url === null || fault !== null) return fault ?? 'is not an address';
    const host = bareHost(url);
    const literal = isIP(host);
    const found = literal === 0 ? await resolved(host, withinMs) : [{ address: host, family: literal }];
    if (found.length === 0) return 'has no address in the name system';
    const isAllowed = ({ address }: Address): boolean =>
      isPublicAddress(address) || (policy.allowLoopback && LOOPBACK.includes(address) && LOOPBACK.includes(host));
    return found.every(isAllowed) ? found : 'does not lead to the public internet';
  }

  return {
    async faultOf(url) {
      const addresses = await addressesOf(url, NAMING_MS);
      return typeof addresses === 'string' ? addresses : null;
    },
    async post(message) {
      const addresses = await addressesOf(message.url, message.timeoutMs);
      if (typeof addresses === 'string') return { kind: 'refused', reason: `the address ${addresses}` };
      return send(message, addresses);
    },
  };
}

function send({ url, headers, body, timeoutMs }: OutsidePost, addresses: readonly Address[]): Promise<PostOutcome> {
  const [first] = addresses;
  const pinned: LookupFunction = (_host, options, answer) => {
    if (options.all === true) answer(null, [...addresses]);
    else answer(null, first?.address ?? '', first?.family ?? 4);
  };
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((settle) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request(url, { method: 'POST', headers, lookup: pinned, agent: false, signal }, (answer) => {
      settle({ kind: 'answered', status: answer.statusCode ?? 0 });
      // What they say beyond the status is of no use, and may be endless.
      answer.destroy();
    });
    outgoing.on('error', (error) => {
      settle({ kind: 'failed', reason: signal.aborted ? `no answer within ${timeoutMs / 1000} s` : codeOf(error) });
    });
    outgoing.end(body);
  });
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
