import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { SkyParkClient } from '../../clients/typescript/client.ts';
import { bodyOf, expectThat } from '../../tools/demo/answered.ts';
import { newGuest } from './guests.ts';
import { keepGoing, type Watch } from './parts-away-watch.ts';

const CHILDREN = 6;
const SEND_EVERY_MS = 500;
const SHOW_EVERY_MS = 150;
/** Steps between the parts of a colour, far enough apart to outlive JPEG. */
const STEP = 32;
const LEVELS = 8;
/** Whoever got no answer may still be served: longer than the product works on any request. */
const UNSETTLED_MS = 60_000;

/** A picture of one colour; which one tells it from the others. */
const pictureOf = (number: number): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: colourOf(number) } })
    .png()
    .toBuffer();

const colourOf = (number: number) => ({
  r: (number % LEVELS) * STEP,
  g: (Math.floor(number / LEVELS) % LEVELS) * STEP,
  b: (Math.floor(number / LEVELS ** 2) % LEVELS) * STEP,
});

/** The number of the picture that was shown. */
async function numberOf(jpeg: Uint8Array): Promise<number> {
  const { channels } = await sharp(jpeg).stats();
  const [r = 0, g = 0, b = 0] = channels.map(({ mean }) => Math.round(mean / STEP));
  return r + g * LEVELS + b * LEVELS ** 2;
}

type Child = {
  readonly id: string;
  /** The picture that was acknowledged last. */
  last: number;
  /** Those whose answer settled nothing, and until when they may still become the one that is shown. */
  unsettled: readonly { readonly number: number; readonly untilMs: number }[];
  /** Counts the pictures sent, so that one shown meanwhile is not judged. */
  sent: number;
  isSending: boolean;
};

/** A parent with an account, who sends pictures of children and looks at them. */
class Parent {
  acknowledged = 0;
  #sent = 0;
  readonly #client: SkyParkClient;
  readonly #watch: Watch;

  constructor(client: SkyParkClient, watch: Watch) {
    this.#client = client;
    this.#watch = watch;
  }

  async newChild(): Promise<Child> {
    const body = { name: 'Нурай', birth_date: '2019-07-19' };
    const params = { header: { 'Idempotency-Key': randomUUID() } };
    const added = await this.#client.POST('/api/v1/users/me/children', { params, body });
    return { id: bodyOf('child', 201, added).id, last: 0, unsettled: [], sent: 0, isSending: false };
  }

  async send(child: Child): Promise<void> {
    const number = (this.#sent += 1);
    const picture = new Blob([new Uint8Array(await pictureOf(number))]);
    const params = { path: { id: child.id } };
    child.isSending = true;
    child.sent += 1;
    const answer = await this.#watch.ask('picture sent', (signal) => {
      const sent = {
        params,
        headers: { 'content-type': 'image/png' },
        body: '',
        bodySerializer: () => picture,
        signal,
      };
      return this.#client.PUT('/api/v1/users/me/children/{id}/photo', sent as never);
    });
    child.isSending = false;
    const status = answer?.response.status;
    if (status === 204) {
      this.acknowledged += 1;
      child.last = number;
      return;
    }
    expectThat(status === undefined || status === 503, `a picture was answered ${status}`);
    child.unsettled = [...child.unsettled, { number, untilMs: Date.now() + UNSETTLED_MS }];
  }

  /** @returns whether a picture was shown that could be judged */
  async look(child: Child): Promise<boolean> {
    const before = child.sent;
    const params = { path: { id: child.id } };
    const seen = await this.#watch.ask('picture shown', async (signal) => {
      const linked = await this.#client.GET('/api/v1/users/me/children/{id}/photo', { params, signal });
      if (linked.data === undefined) return { response: linked.response, error: linked.error, bytes: new Uint8Array() };
      const response = await fetch(linked.data.url, { signal });
      const error: unknown = response.ok ? undefined : await response.clone().json();
      return { response, error, bytes: new Uint8Array(await response.arrayBuffer()) };
    });
    // What was sent meanwhile may be shown or not, and the one before may be gone.
    if (child.isSending || child.sent !== before || seen === null) return false;
    if (seen.response.status === 503) return false;
    expectThat(seen.response.ok, `a picture was answered ${seen.response.status}`);
    const { last } = child;
    const late = child.unsettled.filter(({ untilMs }) => untilMs > Date.now()).map(({ number }) => number);
    const shown = await numberOf(seen.bytes);
    expectThat([last, ...late].includes(shown), `picture ${shown} was shown, ${last} was acknowledged`);
    // One that came about after all; nothing goes back to the one before.
    if (child.sent === before) child.last = shown;
    return true;
  }
}

/**
 * Pictures are sent and looked at. One that was acknowledged is shown whenever a picture is shown, until the next is acknowledged.
 */
export async function keepPicturing(url: string, watch: Watch) {
  const { session } = await newGuest(url);
  const parent = new Parent(session.client, watch);
  const children: Child[] = [];
  for (let index = 0; index < CHILDREN; index += 1) {
    const child = await parent.newChild();
    await parent.send(child);
    children.push(child);
  }
  expect(parent.acknowledged).toBe(CHILDREN);
  let turn = 0;
  // The first child keeps its first picture through everything.
  const sending = keepGoing(SEND_EVERY_MS, async () => {
    turn += 1;
    const child = children[1 + (turn % (CHILDREN - 1))];
    if (child !== undefined) await parent.send(child);
  });
  let shown = 0;
  const looking = keepGoing(SHOW_EVERY_MS, async () => {
    shown += 1;
    const child = children[shown % CHILDREN];
    if (child !== undefined && !child.isSending) await parent.look(child);
  });
  return {
    /** Looks at every picture once more. @returns how many were acknowledged */
    async end(): Promise<number> {
      await sending.end();
      await looking.end();
      for (const child of children) expect(await parent.look(child)).toBe(true);
      expect(children[0]?.last).toBe(1);
      return parent.acknowledged;
    },
  };
}
