import { createMarkerFile, type MarkerFile } from '../infrastructure/event-store/marker-file.ts';
import { holdsPlace, lifeBefore } from '../infrastructure/event-store/own-life.ts';
import type { Job } from '../infrastructure/module.ts';
import type { LogHead, LogPlace } from '../kernel/replication.ts';
import { compose, type App } from './compose.ts';
import { beginLife, tellLife, type LifeTools } from './wiring/new-life.ts';

/** How far behind the log its marker may be. */
const MARK_MS = 1_000;

const toolsOf = ({ config, replication, modules }: App): LifeTools => ({
  nodeId: config.nodeId,
  replication,
  nodes: modules.nodes,
});

/** Whether the log lacks what was once in it. A marker of a life that another one here has followed is left from before that was noticed. */
async function wasSetBack({ replication, database }: App, marker: LogPlace, head: LogHead): Promise<boolean> {
  if (await holdsPlace(database, marker)) return false;
  if (marker.incarnation === head.incarnation) return true;
  return !(await replication.authors()).some(
    ({ nodeId, incarnation }) => nodeId === head.nodeId && incarnation === marker.incarnation,
  );
}

/** Begins a new life where the log was set back: without a marker nobody knows, before a park says hello. @returns whether it was */
async function look(app: App, file: MarkerFile, head: LogHead): Promise<boolean> {
  const marker = await file.read();
  if (marker === null || !(await wasSetBack(app, marker, head))) return false;
  await beginLife(toolsOf(app), marker.incarnation);
  app.log.error({ marker, head }, 'headquarters was set back; it sells nothing of days that parks have places of');
  return true;
}

/** Keeps the marker of headquarters’ log beside it, unless that was set back meanwhile; at a park its seals do. */
export function headquartersJobs(app: App): readonly Job[] {
  const { config, replication } = app;
  if (config.node.role === 'park') return [];
  const file = createMarkerFile(config.markerFile);
  let marked = '';
  const follow = async (): Promise<void> => {
    const head = await replication.head();
    const { incarnation, seq, link } = head;
    if (marked === link || (await look(app, file, head))) return;
    await file.write({ incarnation, seq, link });
    marked = link;
  };
  return [{ name: 'mark the log', everyMs: MARK_MS, run: follow }];
}

/** Before anything is served at headquarters. @returns whether its log begins a new life */
async function settle(app: App): Promise<boolean> {
  const { config, database, replication, modules } = app;
  const { incarnation } = await replication.head();
  const previous = await lifeBefore(database);
  // A crash may have cut off what the life had to say first.
  if (previous !== null && (await modules.nodes.beginningOf(incarnation)) === null) {
    await tellLife(toolsOf(app), previous);
  }
  return look(app, createMarkerFile(config.markerFile), await replication.head());
}

/**
 * Everything that a process of headquarters is made of, once it is sure that its log was not set back, or goes on in a new life.
 * Then it is made a second time: answers that are kept for pages belong to one life.
 */
export async function composeHeadquarters(setting: Parameters<typeof compose>[0]): Promise<App> {
  const app = await compose(setting);
  try {
    if (!(await settle(app))) return app;
  } catch (error) {
    await app.close();
    throw error;
  }
  await app.close();
  return compose(setting);
}
