import { parseAllowance, type Allowance } from '../../src/modules/admission/domain/device-words.ts';
import { isSignedBy } from './crypto.ts';

/** A page of `GET /gate/bundle`, as far as a device works by it. */
export type BundlePage = {
  readonly park_id: string;
  readonly today: string;
  readonly keys: readonly { readonly kid: string; readonly x: string }[];
  readonly revocations: readonly { readonly ticket_id: string; readonly visit_date: string }[];
  readonly tickets: readonly { readonly id: string; readonly visit_date: string; readonly remaining: number }[];
  readonly allowances: readonly string[];
  readonly next_since: string;
};

type KnownTicket = {
  readonly visitDate: string;
  readonly remaining: number;
  /** The newest entry of the device's own log that the node had counted by then. */
  readonly countedTo: number;
};

/** What a device has heard from its node. */
export type Known = {
  readonly deviceId: string;
  readonly parkId: string;
  /** Key id → the key's 32 bytes as base64url. */
  readonly keys: ReadonlyMap<string, string>;
  /** `<ticket id>/<date>` of those that let nobody in. */
  readonly revoked: ReadonlySet<string>;
  readonly tickets: ReadonlyMap<string, KnownTicket>;
  readonly allowances: readonly Allowance[];
  /** `since` of the next page; null before the first. */
  readonly since: string | null;
};

export const knowNothing = (deviceId: string, parkId: string): Known => ({
  deviceId,
  parkId,
  keys: new Map(),
  revoked: new Set(),
  tickets: new Map(),
  allowances: [],
  since: null,
});

const dateOf = (revoked: string): string => revoked.slice(revoked.indexOf('/') + 1);

/** The allowances that are this device's and truly signed; the node's word counts, not who brings it. */
async function allowancesIn(page: BundlePage, { deviceId, parkId }: Known): Promise<readonly Allowance[]> {
  const keys = new Map(page.keys.map(({ kid, x }) => [kid, x]));
  const checked = page.allowances.map(async (text) => {
    const parsed = parseAllowance(text);
    const key = parsed === null ? undefined : keys.get(parsed.keyId);
    if (parsed === null || key === undefined) return [];
    const isOurs = parsed.claims.deviceId === deviceId && parsed.claims.parkId === parkId;
    return isOurs && (await isSignedBy(key, parsed.signed, parsed.signature)) ? parsed.claims : [];
  });
  return (await Promise.all(checked)).flat();
}

/**
 * Adds a page to what is known; what is of days before today goes.
 * @param countedTo the newest entry of the own log that the node had merged when the page was asked for
 */
export async function takePage(known: Known, page: BundlePage, countedTo: number): Promise<Known> {
  // A day that a ticket had been moved from is told of as good again when somebody had come in on it.
  const goodAgain = new Set(page.tickets.map(({ id, visit_date: visitDate }) => `${id}/${visitDate}`));
  const before = [...known.revoked].filter((one) => !goodAgain.has(one));
  const revoked = [...before, ...page.revocations.map((one) => `${one.ticket_id}/${one.visit_date}`)];
  const told = page.tickets.map(({ id, visit_date: visitDate, remaining }): [string, KnownTicket] => {
    return [id, { visitDate, remaining, countedTo }];
  });
  return {
    ...known,
    keys: new Map(page.keys.map(({ kid, x }) => [kid, x])),
    revoked: new Set(revoked.filter((one) => dateOf(one) >= page.today)),
    tickets: new Map([...known.tickets, ...told].filter(([, { visitDate }]) => visitDate >= page.today)),
    allowances: await allowancesIn(page, known),
    since: page.next_since,
  };
}
