import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a wire does to what goes over it. */
export type Weather = {
  readonly delayMs: number;
  /** At most so much more, each time anew. */
  readonly jitterMs: number;
  /** Of 100 packets so many are lost: TCP sends them again, so all behind them wait; now and then a connection breaks of it. */
  readonly lossPercent: number;
  /** Connections are open and nothing comes through, until the weather changes. */
  readonly isSilent: boolean;
};

export const FAIR: Weather = { delayMs: 0, jitterMs: 0, lossPercent: 0, isSilent: false };

type Address = { readonly host: string; readonly port: number };

export type Wire = {
  set(weather: Weather): void;
  /** Breaks all connections. */
  hangUp(): void;
};

/** How long TCP waits before it sends again what was lost, at first; each further loss doubles it. */
const AGAIN_MS = 200;
/** One of so many losses breaks the connection. */
const LOSSES_A_BREAK = 8;
const LOOK_MS = 50;

/** A TCP proxy that makes the way between two addresses long or bad. The kernel's netem does the same but is not everywhere. */
export async function openWire(from: Address, to: Address, random: () => number): Promise<Wire> {
  let weather = FAIR;
  const ends = new Set<Socket>();

  async function pass(one: Socket, other: Socket): Promise<void> {
    try {
      for await (const chunk of one as AsyncIterable<Buffer>) {
        let waitMs = weather.delayMs + weather.jitterMs * random();
        for (let again = AGAIN_MS; random() * 100 < weather.lossPercent; again *= 2) {
          if (random() * LOSSES_A_BREAK < 1) throw new Error('broken');
          waitMs += again;
        }
        if (waitMs > 0) await sleep(waitMs);
        while (weather.isSilent && !other.destroyed) await sleep(LOOK_MS);
        if (other.destroyed) return;
        other.write(chunk);
      }
      other.end();
    } catch {
      one.destroy();
      other.destroy();
    }
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ ...to, allowHalfOpen: true, noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          ends.delete(one);
          if (one.errored !== null) other.destroy();
        });
      void pass(one, other);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(from.port, from.host, resolve);
  });
  return {
    set: (next) => {
      weather = next;
    },
    hangUp() {
      for (const end of ends) end.destroy();
    },
  };
}
