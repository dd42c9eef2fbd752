import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isUuid } from '../../kernel/ids.ts';
import type { LogPlace, ReplicationLog } from '../../kernel/replication.ts';

/** Where a log was when it was sealed last, kept apart from its database so that a restored database is noticed. */
export type MarkerFile = {
  /** Null when there is no file, or none that can be read. */
  read(): Promise<LogPlace | null>;
  /** On the disk when it answers. @throws MarkerFault when it cannot be. */
  write(place: LogPlace): Promise<void>;
};

/** `missing`: there is no marker, so nothing is known. `rollback`: the log does not hold what was sealed: it is a restored one. */
export type MarkerVerdict = 'ok' | 'rollback' | 'missing';

function parse(text: string): LogPlace | null {
  try {
    const value = JSON.parse(text) as Partial<LogPlace> | null;
    const { incarnation, seq, link } = value ?? {};
    const isPlace = typeof incarnation === 'string' && isUuid(incarnation) && typeof link === 'string';
    return isPlace && Number.isSafeInteger(seq) ? { incarnation, seq: seq ?? 0, link } : null;
  } catch {
    return null;
  }
}

/** The marker cannot be written: as long as that is so, a log that is put back may not be noticed. */
export class MarkerFault extends Error {
  constructor(path: string, cause: unknown) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    super(
      `the marker ${path} cannot be written (${why}): look at its disk and its owner, or name another SKYPARK_MARKER_FILE`,
      {
        cause,
      },
    );
    this.name = 'MarkerFault';
  }
}

/** Several processes of headquarters may write it at once. */
const draftOf = (path: string): string => `${path}.${hostname()}-${process.pid}.new`;

/** Writes a text beside the marker, on the disk when it answers. */
async function writeDraft(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(draftOf(path), 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws MarkerFault when a marker could not be written there now. */
export async function checkMarkerFile(path: string): Promise<void> {
  try {
    await writeDraft(path, 'a try\n');
    await rm(draftOf(path));
  } catch (error) {
    throw new MarkerFault(path, error);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @param path its folder is made when it is not there. */
export const createMarkerFile = (path: string): MarkerFile => ({
  async read() {
    try {
      return parse(await readFile(path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  async write({ incarnation, seq, link }) {
    try {
      await writeDraft(path, `${JSON.stringify({ incarnation, seq, link })}\n`);
      // One or the other is there whenever the machine stops, never half of one.
      await rename(draftOf(path), path);
      await sync(dirname(path));
    } catch (error) {
      throw new MarkerFault(path, error);
    }
  },
});

/** Within one life a marker never goes back: what a restored log seals anew is no proof that nothing was lost. */
async function mark(file: MarkerFile, place: LogPlace): Promise<void> {
  const marked = await file.read();
  const isBehind = marked !== null && marked.incarnation === place.incarnation && marked.seq > place.seq;
  if (!isBehind) await file.write(place);
}

function createSeal(log: ReplicationLog, file: MarkerFile): ReplicationLog['seal'] {
  let turn: Promise<unknown> = Promise.resolve();
  // What was sealed before a crash or a full disk may be missing in the file.
  let isMarked = false;
  return (signer, limits) => {
    const sealed = turn.then(async () => {
      const wasMarked = isMarked;
      isMarked = false;
      const made = await log.seal(signer, limits);
      const place = made === 0 && wasMarked ? null : await log.lastSealed();
      if (place !== null) await mark(file, place);
      isMarked = true;
      return made;
    });
    turn = sealed.catch(() => undefined);
    return sealed;
  };
}

/** A log whose every seal is written to the marker before it is answered: before anybody else can be told of it. */
export const markSeals = (log: ReplicationLog, file: MarkerFile): ReplicationLog => ({
  head: () => log.head(),
  authors: () => log.authors(),
  seal: createSeal(log, file),
  lastSealed: () => log.lastSealed(),
  segmentsAfter: (incarnation, seq, limits) => log.segmentsAfter(incarnation, seq, limits),
  feed: (request) => log.feed(request),
  placeAt: (position) => log.placeAt(position),
  receive: (received) => log.receive(received),
  peers: () => log.peers(),
  notePeer: (progress) => log.notePeer(progress),
  openIncarnation: (reason) => log.openIncarnation(reason),
  closeAuthor: (end) => log.closeAuthor(end),
  quarantine: (segment, why) => log.quarantine(segment, why),
  quarantined: (page) => log.quarantined(page),
  quarantinedSegment: (id) => log.quarantinedSegment(id),
  quarantineUse: () => log.quarantineUse(),
  settleQuarantined: (id) => log.settleQuarantined(id),
});

/** Whether a log still holds what it sealed last. Asked at the start, before anything is appended. */
export async function compareMarker(log: ReplicationLog, file: MarkerFile): Promise<MarkerVerdict> {
  const marker = await file.read();
  if (marker === null) return 'missing';
  const [segment] = await log.segmentsAfter(marker.incarnation, marker.seq - 1, { segments: 1 });
  const { last, lastLink } = segment?.header ?? {};
  return last === marker.seq && lastLink === marker.link ? 'ok' : 'rollback';
}
