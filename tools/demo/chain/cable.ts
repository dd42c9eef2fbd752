import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A cable to a server that can be pulled: what is connected breaks, and nothing gets through until it is put back. */
export type PullableCable = {
  readonly url: string;
  pull(): void;
  putBack(): void;
  close(): void;
};

/** Stands before the server at `url`, on a free port of this machine. */
export async function openPullableCable(url: string): Promise<PullableCable> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  let isPulled = false;
  const server = createServer((near) => {
    if (isPulled) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          ends.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull() {
      isPulled = true;
      breakAll();
    },
    putBack() {
      isPulled = false;
    },
    close() {
      breakAll();
      server.close();
    },
  };
}
