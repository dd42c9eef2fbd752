import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Cable = {
  /** The address of the server with its end of the cable as host and port. */
  readonly url: string;
  /** Lets nothing more through what is connected, as when a cable is pulled: nobody hangs up. */
  cut(): void;
  /** Ends what is connected, as a server that dies. */
  hangUp(): void;
};

/** Stands before a server until the test is over. What connects after a loss gets through. */
export async function openCable(url: string): Promise<Cable> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hangUp = (): void => {
    for (const end of ends) end.destroy();
  };
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: through.href,
    cut() {
      for (const end of ends) end.unpipe().pause();
    },
    hangUp,
  };
}
