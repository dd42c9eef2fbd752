import { signal } from '@preact/signals';
import { openGate, type Gate } from './gate.ts';
import { createGateNode } from './node.ts';
import { openGateStore, type Enrolled, type GateStore } from './store.ts';

/** undefined: the browser's database was not read yet; null: not enrolled; `other_tab`: another page is the gate. */
export const gate = signal<Gate | null | undefined | 'other_tab'>(undefined);

const HEARD_EVERY_MS = 5_000;
const ALONE_MOST_MS = 20_000;

let store: GateStore | null = null;
let stopTalking: () => void = () => undefined;

export function gateStore(): GateStore {
  if (store === null) throw new Error('the gate was not begun');
  return store;
}

/** Talks to the node from time to time: seldom while it does not answer, and at once when the network is back. */
function keepTalking(running: Gate): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = HEARD_EVERY_MS;
  let isOver = false;
  const once = async (): Promise<void> => {
    clearTimeout(timer);
    // A failure of this browser ends one talk, not all that come after it.
    await running.talk().catch(reportError);
    waitMs = running.state.value.mode === 'park' ? HEARD_EVERY_MS : Math.min(waitMs * 1.5, ALONE_MOST_MS);
    // Devices of a park that was away do not all ask in the same moment.
    if (!isOver) timer = setTimeout(() => void once(), waitMs * (0.7 + 0.6 * Math.random()));
  };
  const atOnce = (): void => {
    waitMs = HEARD_EVERY_MS;
    void once();
  };
  addEventListener('online', atOnce);
  void once();
  return () => {
    isOver = true;
    clearTimeout(timer);
    removeEventListener('online', atOnce);
  };
}

/** Begins to be the gate that this browser was enrolled as. */
export async function run(enrolled: Enrolled): Promise<void> {
  stopTalking();
  const running = await openGate(enrolled, {
    store: gateStore(),
    node: createGateNode(() => enrolled.credential),
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
  });
  gate.value = running;
  stopTalking = keepTalking(running);
}

/** Forgets the park and all that was decided. */
export async function forgetGate(): Promise<void> {
  stopTalking();
  await gateStore().erase();
  gate.value = null;
}

/** One page of a browser is the gate: two would write the same log. */
const alone = (): Promise<boolean> =>
  new Promise((resolve) => {
    void navigator.locks.request('skypark-gate', { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
  });

export async function begin(): Promise<void> {
  if (!(await alone())) {
    gate.value = 'other_tab';
    return;
  }
  store = await openGateStore();
  const enrolled = await store.read('enrolled');
  if (enrolled === undefined) gate.value = null;
  else await run(enrolled);
}
