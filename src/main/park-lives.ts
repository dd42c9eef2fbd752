import { setTimeout as sleep } from 'node:timers/promises';
import {
  checkMarkerFile,
  compareMarker,
  createMarkerFile,
  MarkerFault,
} from '../infrastructure/event-store/marker-file.ts';
import { lifeBefore, readOwnLife } from '../infrastructure/event-store/own-life.ts';
import { assert } from '../kernel/assert.ts';
import type { CommandMeta } from '../kernel/command-runner.ts';
import type { LogPlace, SegmentSigner } from '../kernel/replication.ts';
import type { LifeReason } from '../modules/nodes/contract.ts';
import type { Lives } from '../sync/park/ports.ts';
import type { App } from './compose.ts';

const META: CommandMeta = { actor: 'system', correlationId: 'sync' };

/** How long to wait before the first append of a life is tried again, which all others wait for. */
const AGAIN_MS = 500;

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

/**
 * The tickets and the counters of the gates, which know of nothing that was taken back before they have gone on from it. That they have not
 * is kept beside the log before anything comes back: a crash, or a further life, finds it there.
 */
function createGateCounters({ config, modules }: Place) {
  const { catchingUp } = modules.admission;
  /** Nobody but this process changes it; undefined: it was not looked for yet. */
  let kept: number | null | undefined;
  async function behindSince(): Promise<number | null> {
    if (kept === undefined) kept = await catchingUp.behindSince();
    return kept;
  }
  return {
    isBehind: async () => (await behindSince()) !== null,
    /** Something will be taken back, or may have been. Nobody else may append until they have caught up, or could not. */
    async fallBehind(): Promise<void> {
      if ((await behindSince()) !== null) return;
      kept = undefined;
      await catchingUp.fallBehind();
    },
    /**
     * Tickets by which another life let people in, too, are counted anew. Whom the gates let in by what lives before have told, and the room
     * that is left, is what the counters go on from.
     */
    async catchUp(): Promise<void> {
      const after = await behindSince();
      if (after === null) return;
      assert(config.node.role === 'park', 'only a park comes to know again whom it let in');
      const { parkId } = config.node;
      const meta = { ...META, parkId };
      const recounted = await modules.runner.runAll(await modules.admission.recountTakenBack(after), meta);
      assert(recounted.ok, 'a ticket can always be counted anew');
      const done = await modules.runner.runAll(await modules.admission.goOnAtGates(parkId), meta);
      assert(done.ok, 'the counters of gates can always go on');
      await catchingUp.caughtUp();
      kept = null;
    },
  };
}

/** The end of the life before, when a crash came between the beginning of the current one and what it has to say first. */
async function unfinished({ database, modules }: Place): Promise<LogPlace | null> {
  const { incarnation, reason } = await readOwnLife(database);
  const isTold = reason === null || (await modules.nodes.beginningOf(incarnation)) !== null;
  return isTold ? null : lifeBefore(database);
}

/** @throws MarkerFault where a new life could leave no mark: it would be followed by another one at each start. */
async function needsNewLife(place: Place, lives: Lives): Promise<boolean> {
  if (!(await wasPutBack(place, lives))) return false;
  await checkMarkerFile(place.config.markerFile);
  return true;
}

/** The gates do not wait for a disk that holds nothing but the marker; what is not marked is told to nobody meanwhile. */
async function sealAtStart({ replication, log }: Place, signer: SegmentSigner): Promise<void> {
  try {
    await replication.seal(signer);
  } catch (error) {
    if (!(error instanceof MarkerFault)) throw error;
    log.error({ err: error }, 'the log goes on without its marker, and is told to nobody before that is written');
  }
}

/** The lives of this node's log, as its module of nodes writes them down. */
export function livesOf(place: Place, signer: SegmentSigner): ParkLives {
  const { config, replication, modules, database, appendGate, log } = place;
  const counters = createGateCounters(place);

  /** The first append of the current life. Nobody else may append meanwhile. */
  async function tell(previous: LogPlace): Promise<void> {
    const { incarnation, reason } = await readOwnLife(database);
    const fences = await modules.booking.shares.fenceSteps(incarnation);
    const life = {
      nodeId: config.nodeId,
      incarnation,
      reason: reason === 'stopped' ? ('stopped' as const) : ('restored' as const),
      previous,
    };
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

  /** @returns whether there was anything to finish */
  async function finish(): Promise<boolean> {
    const previous = await unfinished(place);
    if (previous !== null) await appendGate.alone(() => tell(previous));
    return previous !== null;
  }

  const lives: Lives = {
    beginningOf: (incarnation) => modules.nodes.beginningOf(incarnation),
    restart,
    takeBack: (store) =>
      appendGate.alone(async () => {
        await counters.fallBehind();
        const answer = await store();
        await counters.catchUp();
        return answer;
      }),
    async mend() {
      await finish();
      if (await counters.isBehind()) await appendGate.alone(() => counters.catchUp());
    },
  };
  return {
    ...lives,
    async settle() {
      const isFinished = await finish();
      if (!isFinished && (await needsNewLife(place, lives))) await restart('restored', new AbortController().signal);
      // A crash may have come between what was taken back and that.
      await counters.catchUp();
      await sealAtStart(place, signer);
    },
  };
}
