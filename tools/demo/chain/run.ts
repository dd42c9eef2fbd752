import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyOf, eventually, expectThat, type Patience } from '../answered.ts';
import { newVerifiedFamily, type NewFamily } from '../new-family.ts';
import { openChain, today, type Chain, type ParkNode } from './chain.ts';
import { compareIncidents, countLost, waitForShare, waitUntilAlike } from './compare.ts';
import { buyTickets, cancelTicket, openShift, scanCodes, sellWalkUps, type Bought, type ScanAnswer } from './trade.ts';

export type ChainDemo = {
  /** Tickets that are bought online for each park before anything happens. */
  readonly tickets: number;
  /** Places of a park's day. */
  readonly capacity: number;
  readonly tell: (line: string) => void;
};

const PARKS = ['north', 'south'] as const;
const WALK_UP_PERCENT = 20;
const ANSWER_MS = 120_000;
/** Scans of the party that is let in twice. */
const DOUBLE_SCANS = 2;

/** All of them came out as they should. */
function expectAll(what: string, answers: readonly ScanAnswer[], wanted: string): void {
  const others = answers.map(({ outcome }) => outcome).filter((outcome) => outcome !== wanted);
  expectThat(
    others.length === 0,
    `${what}: ${others.length} of ${answers.length} are ${[...new Set(others)].join(', ')}`,
  );
}

type Story = ChainDemo & {
  readonly chain: Chain;
  readonly family: NewFamily;
  readonly cutOff: ParkNode;
  readonly other: ParkNode;
  readonly bought: readonly Bought[];
};

/** Two gates of the park that were cut off from its node let the same party in, each by itself. */
async function admitTwice({ staff }: ParkNode, { code, people }: Bought): Promise<void> {
  for (const gate of ['east', 'west']) {
    const scan = {
      scan_id: randomUUID(),
      code,
      direction: 'in' as const,
      scanned_at: new Date().toISOString(),
      gate,
      people,
      decided_offline: true,
    };
    const answer = await staff.call('scan', (client, signal) =>
      client.POST('/api/v1/gate/scans', { body: { scans: [scan] }, signal }),
    );
    bodyOf('scan', 200, answer);
  }
}

/** Who holds a ticket bought before the cut comes in once, wherever else the code is shown. @returns scans the park answered */
async function letIn({ cutOff, other, bought, tell }: Story): Promise<number> {
  const codes = bought.map(({ code }) => code);
  const first = await scanCodes(cutOff.staff, codes);
  const again = await scanCodes(cutOff.staff, codes);
  const elsewhere = await scanCodes(other.staff, codes);
  expectAll('codes shown first', first, 'admitted');
  expectAll('codes shown again', again, 'already_used');
  expectAll('codes shown at another park', elsewhere, 'wrong_park');
  tell(`${cutOff.parkId}: ${codes.length} parties are let in, refused the second time, and refused at ${other.parkId}`);
  return first.length + again.length;
}

/** Both sides sell the same day, each from its own share, until nothing is left. */
async function sellOut({ chain, family, cutOff, capacity, tell }: Story) {
  const [online, walkUps] = await Promise.all([
    buyTickets(family, cutOff.parkId, capacity),
    sellWalkUps(cutOff, capacity),
  ]);
  tell(`${cutOff.parkId}, cut off: ${walkUps.length} tickets sold at its desk until its share was gone`);
  tell(`${chain.hq.name}: ${online.length} tickets for ${cutOff.parkId} sold online meanwhile until nothing was left`);
  const newer = await scanCodes(
    cutOff.staff,
    [...online.slice(0, 5), ...walkUps.slice(0, 5)].map(({ code }) => code),
  );
  expectAll('tickets sold during the cut', newer, 'admitted');
  tell(`${cutOff.parkId}: tickets that it has never heard of are let in by their signature`);
  return { sold: [...online, ...walkUps], scans: newer.length };
}

/** What was acknowledged to somebody. */
type Acknowledged = { readonly tickets: number; readonly places: number; readonly scans: number };

async function cutAndHeal(story: Story): Promise<Acknowledged> {
  const { chain, family, cutOff, bought, tell } = story;
  const [voided = null, used = null, twice = null, ...rest] = bought;
  expectThat(voided !== null && used !== null && twice !== null, 'the demo needs more tickets');
  cutOff.cable.pull();
  tell(`The cable of ${cutOff.parkId} is pulled.`);
  const letInBefore = await letIn({ ...story, bought: [used, ...rest] });
  const { sold, scans } = await sellOut(story);
  for (const ticket of [voided, used]) await cancelTicket(chain.admin, ticket.ticketId);
  tell('Two tickets are cancelled at headquarters; the party of one of them is inside already.');
  await admitTwice(cutOff, twice);
  tell(`Two gates that were cut off even from ${cutOff.name} let the same party in.`);
  cutOff.cable.putBack();
  tell(`The cable of ${cutOff.parkId} is put back.`);
  await expectRefunds(family, voided, used);
  tell('The park has the last word: one of the two is cancelled, the other one stays used.');
  for (const park of chain.parks) {
    for (const line of await waitUntilAlike(chain, park)) tell(`  ${line}  at headquarters and at ${park.name}`);
  }
  const all = [...bought, ...sold];
  return {
    tickets: all.length,
    places: all.reduce((sum, { people }) => sum + people, 0),
    scans: letInBefore + scans + DOUBLE_SCANS,
  };
}

/** The park has the last word: one ticket is cancelled, the other one was used. */
async function expectRefunds({ session }: NewFamily, voided: Bought, used: Bought): Promise<void> {
  const statusOf = async ({ ticketId }: Bought): Promise<string> => {
    const params = { path: { id: ticketId } };
    const answer = await session.call('ticket', (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    return bodyOf('ticket', 200, answer).status;
  };
  await eventually('the ticket nobody came in by is cancelled', ANSWER_MS, async () =>
    (await statusOf(voided)) === 'cancelled' ? true : null,
  );
  const status = await statusOf(used);
  expectThat(status === 'used', `the ticket of a party inside is ${status}`);
}

/** What the rules say of each node by its own data. All are stopped then. */
async function checkRules({ hq, parks }: Chain, tell: (line: string) => void): Promise<void> {
  for (const node of [...parks, hq]) {
    await node.stop();
    await node.cli('check');
    tell(`${node.name}: all rules hold, every hash of its log is right`);
  }
}

async function play(demo: ChainDemo, folder: string): Promise<void> {
  const { tell } = demo;
  const patience: Patience = { limitMs: 60_000, onRepeat: () => undefined };
  const chain = await openChain({
    parks: PARKS,
    capacity: demo.capacity,
    walkUpPercent: WALK_UP_PERCENT,
    folder,
    patience,
    tell,
  });
  try {
    const [cutOff, other] = chain.parks;
    expectThat(cutOff !== undefined && other !== undefined, 'there are two parks');
    const family = await newVerifiedFamily(chain.hq.url, patience);
    for (const park of chain.parks) await openShift(park);
    const bought = await buyTickets(family, cutOff.parkId, demo.tickets);
    tell(`${bought.length} tickets for ${cutOff.parkId} on ${today()} are bought online.`);
    await waitForShare(cutOff);
    await waitUntilAlike(chain, cutOff);
    const acknowledged = await cutAndHeal({ ...demo, chain, family, cutOff, other, bought });
    const lost = await countLost(chain, cutOff.parkId, acknowledged);
    const incidents = await compareIncidents(chain, cutOff);
    expectThat(incidents === 2, `${incidents} incidents instead of one for each of two people`);
    await checkRules(chain, tell);
    const oversold = Math.max(0, acknowledged.places - demo.capacity);
    tell(`
places sold    ${acknowledged.places} of ${demo.capacity}
oversold       ${oversold}
acknowledged   ${acknowledged.tickets} tickets, ${acknowledged.scans} scans
lost           ${lost}
incidents      ${incidents}, the same at both`);
    expectThat(oversold === 0 && lost === 0, 'places were oversold, or something that was acknowledged is lost');
  } finally {
    await chain.stop();
  }
}

/** @throws DemoFailure when anything is not as it should be; the data are kept then, and their folder is told. */
export async function runChainDemo(demo: ChainDemo): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-chain-'));
  await chmod(folder, 0o755);
  try {
    await play(demo, folder);
  } catch (error) {
    demo.tell(`The data of the nodes are kept in ${folder}.`);
    throw error;
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
