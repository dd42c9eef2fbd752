import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** What a server shows and proves itself with, as PEM. */
export type TlsPair = { readonly cert: Buffer; readonly key: Buffer };

type Files = { readonly certFile: string; readonly keyFile: string };

/** @throws when a file is missing, or the key is not the certificate's. */
export async function readTlsPair({ certFile, keyFile }: Files): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  createSecureContext({ cert, key });
  return { cert, key };
}

export type TlsWatch = {
  /** Looks now. */
  look(): Promise<void>;
  stop(): void;
};

type Watched = Files & {
  /** What the server was started with. */
  readonly current: TlsPair;
  readonly everyMs: number;
  readonly apply: (pair: TlsPair) => void;
  /** Told when the files do not go together; the server goes on with the pair it has. */
  readonly onError: (error: unknown) => void;
};

/**
 * Looks at the files from time to time rather than waiting for the file system's word, which is lost where a folder is swapped
 * or lies on another machine. While one of two files has been written the pair is bad: the next look finds both.
 */
export function watchTlsFiles({ current, everyMs, apply, onError, ...files }: Watched): TlsWatch {
  let applied = current;
  const look = async (): Promise<void> => {
    try {
      const pair = await readTlsPair(files);
      if (pair.cert.equals(applied.cert) && pair.key.equals(applied.key)) return;
      apply(pair);
      applied = pair;
    } catch (error) {
      onError(error);
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
