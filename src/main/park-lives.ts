import { setTimeout as sleep } from 'node:timers/promises';
import { linkText } from '../infrastructure/event-store/authored-event.ts';
import { compareMarker, createMarkerFile } from '../infrastructure/event-store/marker-file.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import type { CommandMeta } from '../kernel/command-runner.ts';
import type { LogPlace, SegmentSigner } from '../kernel/replication.ts';
import type { LifeReason } from '../modules/nodes/contract.ts';
import type { Lives } from '../sync/park/ports.ts';
import type { App } from './compose.ts';

const META: CommandMeta = { actor: 'system', correlationId: 'sync' };

/** How long to wait before the first append of a life is tried again, which all others wait for. */
const AGAIN_MS = 500;

const REASON = statement('main.life-reason', 'select reason from store.author where incarnation = $1');

/**
 * Where lives end that were written here and stand before the current one, if that was begun in place of another one. What
 * headquarters gave back of a life was not written here.
 */
const WRITTEN_BEFORE = statement(
  'main.lives-written-before',
  `select a.incarnation, a.seq, a.link
   from store.head h join store.author own on own.incarnation = h.incarnation and own.reason is not null
     join store.author a on a.node_id = h.node_id and a.incarnation <> h.incarnation and a.seq = a.written_to
   order by a.incarnation`,
);

export type ParkLives = Lives & {
  /**
   * Makes sure, before anything is served, that this log is not an older one than it was: then it begins a new life. Whatever a
   * crash left unfinished of such a beginning is finished.
   */
  settle(): Promise<void>;
};

type Place = Pick<App, 'config' | 'replication' | 'modules' | 'database' | 'appendGate' | 'log'>;

/**
 * Whether the log was put back: it lacks what was sealed of it, or nothing outside of it tells that it does not. A marker of the
 * life before is left by a crash between the beginning of this life and its first seal.
 */
async function wasPutBack({ config, replication }: Place, lives: Lives): Promise<boolean> {
  const file = createMarkerFile(config.markerFile);
  const verdict = await compareMarker(replication, file);
  if (verdict === 'ok') return false;
  const { incarnation } = await replication.head();
  const [sealed] = await replication.segmentsAfter(incarnation, 0, { segments: 1 });
  if (sealed !== undefined || verdict === 'missing') return sealed !== undefined;
  const marker = await file.read();
  const isOfEarlier = (await replication.authors()).some(
    (author) => author.nodeId === config.nodeId && author.incarnation === marker?.incarnation,
  );
  const hasBegun = (await lives.beginningOf(incarnation)) !== null;
  return !(hasBegun && isOfEarlier && marker?.incarnation !== incarnation);
}

/** The lives of this node's log, as its module of nodes writes them down. */
export function livesOf(place: Place, signer: SegmentSigner): ParkLives {
  const { config, replication, modules, database, appendGate, log } = place;

  /** The first append of the current life. Nobody else may append meanwhile. */
  async function tell(previous: LogPlace): Promise<void> {
    const { incarnation } = await replication.head();
    const [author] = await database.rows<{ readonly reason: LifeReason | null }>(REASON, [incarnation]);
    const fences = await modules.booking.shares.fenceSteps(incarnation);
    const life = { nodeId: config.nodeId, incarnation, reason: author?.reason ?? 'restored', previous };
    await modules.nodes.openLife(life, fences, META);
    log.warn(
      { reason: life.reason, previous, shares: fences.length },
      'the log begins a new life, with nothing to sell',
    );
  }

  /** Tells it, however often that fails: what was not given up must not be sold. */
  async function tellForSure(previous: LogPlace, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        return await tell(previous);
      } catch (error) {
        log.error({ err: error }, 'the new life of the log cannot be told of; everything waits for that');
        await sleep(AGAIN_MS);
      }
    }
  }

  async function restart(reason: LifeReason, stopping: AbortSignal): Promise<void> {
    await appendGate.alone(async () => {
      // What the old life wrote still goes up as far as it is here; it is sealed in that life or never.
      await replication.seal(signer);
      const { incarnation, seq, link } = await replication.head();
      await replication.openIncarnation(reason);
      await tellForSure({ incarnation, seq, link }, stopping);
    });
    await replication.seal(signer);
  }

  /** What was cut off by a crash: of the lives before, the one that no other one stands in place of is what this one followed. */
  async function unfinished(): Promise<LogPlace | null> {
    const { incarnation } = await replication.head();
    if ((await modules.nodes.beginningOf(incarnation)) !== null) return null;
    const before = await database.rows<Omit<LogPlace, 'link'> & { readonly link: Buffer }>(WRITTEN_BEFORE, []);
    const beginnings = await Promise.all(before.map((life) => modules.nodes.beginningOf(life.incarnation)));
    const succeeded = new Set(beginnings.map((beginning) => beginning?.previous.incarnation));
    const last = before.find((life) => !succeeded.has(life.incarnation));
    return last === undefined ? null : { ...last, link: linkText(last.link) };
  }

  const lives: Lives = {
    beginningOf: (incarnation) => modules.nodes.beginningOf(incarnation),
    restart,
    unfinished,
    tell: (previous) => appendGate.alone(() => tell(previous)),
  };
  return {
    ...lives,
    async settle() {
      const previous = await unfinished();
      if (previous !== null) await lives.tell(previous);
      else if (await wasPutBack(place, lives)) await restart('restored', new AbortController().signal);
      await replication.seal(signer);
    },
  };
}
