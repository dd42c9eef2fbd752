import { createHash } from 'node:crypto';
import { ExponentialBackoff, handleWhen, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import { S3mini, S3ServiceError } from 's3mini';
import { assert } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { assertFileKey, LARGEST_FILE_BYTES, type FileStore } from '../../kernel/file-store.ts';
import { createBreaker, type OnBreaker } from '../breaker.ts';

export type S3Access = {
  /** The address of the service, without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
};

export type S3Limits = {
  /** For one request and its answer. */
  readonly requestMs: number;
  /** For all that a method does, further tries included: whoever waits has a limit of its own. */
  readonly wholeMs: number;
  /** Between two tries, at first and at most. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** Failures in a row after which it is not asked any more, and for how long. */
  readonly breakAfter: number;
  readonly breakMs: number;
};

const LIMITS: S3Limits = {
  requestMs: 8000,
  wholeMs: 20_000,
  pauseMs: 100,
  longestPauseMs: 1000,
  breakAfter: 5,
  breakMs: 10_000,
};

const MORE_TRIES = 2;
/** Most names in one answer to a question for a list. */
const PAGE = 1000;
/** Where the checksum of a file stands. That of the service is no checksum where it encrypts. */
const CHECKSUM = 'x-amz-meta-sha256';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The service lost or changed a file: asking again does not help, and other files may be as they were. */
class Unfaithful extends Error {
  override readonly name = 'Unfaithful';
}

/** The service is there and will say the same again. */
const isAnswer = (error: unknown): error is S3ServiceError =>
  error instanceof S3ServiceError && error.status < 500 && error.status !== 429 && error.status !== 408;

const isMissingFile = (error: unknown): boolean =>
  isAnswer(error) && error.status === 404 && !`${error.serviceCode} ${error.body}`.includes('NoSuchBucket');

/** The whole body; it is not read on when it is longer than anything that is kept. */
async function bytesOf(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > LARGEST_FILE_BYTES) throw new Unfaithful('the file is larger than any that was kept');
  }
  return Buffer.concat(chunks);
}

/** What is done in a bucket, once. */
class Bucket {
  readonly #client: S3mini;

  constructor({ endpoint, bucket, accessKey, secretKey, region }: S3Access, requestMs: number) {
    this.#client = new S3mini({
      endpoint: `${endpoint}/${bucket}`,
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      region,
      requestAbortTimeout: requestMs,
    });
  }

  async read(key: string): Promise<Uint8Array | null> {
    try {
      const response = await this.#client.getObjectRaw(key);
      const bytes = await bytesOf(response);
      if (response.headers.get(CHECKSUM) !== sha256(bytes)) throw new Unfaithful(`${key} is not what was kept`);
      return bytes;
    } catch (error) {
      if (isMissingFile(error)) return null;
      throw error;
    }
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.#client.putObject(key, bytes, undefined, undefined, { [CHECKSUM]: sha256(bytes) });
    if ((await this.read(key)) === null) throw new Unfaithful(`${key} is not there after it was kept`);
  }

  async keysBelow(folder: string, after: string | null, limit: number): Promise<readonly string[]> {
    const options = after === null ? {} : { 'start-after': after };
    const page = await this.#client.listObjectsPaged('/', `${folder}/`, limit, undefined, options);
    if (page === null || page === undefined) throw new Error('there is no such bucket');
    return (page.objects ?? []).map(({ Key: key }) => key);
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#client.deleteObject(key);
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
  }
}

/**
 * Files in a bucket that speaks S3, which several nodes may share when their buckets differ. Every file has a checksum beside it,
 * which is looked at whenever the file is read, and once after it was written: what the service lost or changed is never handed out and
 * never counts as kept. Of two writers of one key at once either may win, whole.
 */
export function createS3FileStore(
  access: S3Access,
  { limits = LIMITS, onBreaker }: { readonly limits?: S3Limits; readonly onBreaker?: OnBreaker | undefined } = {},
): FileStore {
  const bucket = new Bucket(access, limits.requestMs);
  const isTrouble = handleWhen((error) => !isAnswer(error) && !(error instanceof Unfaithful));
  const guard = wrap(
    timeout(limits.wholeMs, TimeoutStrategy.Aggressive),
    retry(isTrouble, {
      maxAttempts: MORE_TRIES,
      backoff: new ExponentialBackoff({ initialDelay: limits.pauseMs, maxDelay: limits.longestPauseMs }),
    }),
    createBreaker(isTrouble, { failures: limits.breakAfter, openMs: limits.breakMs, onBreaker }),
  );

  async function work<Value>(doing: string, run: () => Promise<Value>): Promise<Value> {
    try {
      return await guard.execute(run);
    } catch (error) {
      throw new StoreUnavailable(`the file store cannot ${doing}`, { cause: error });
    }
  }

  return {
    async put(key, bytes) {
      assertFileKey(key);
      assert(bytes.byteLength <= LARGEST_FILE_BYTES, 'the file is too large to be kept');
      // A copy: the caller may do with its bytes what it likes while they are under way.
      const copy = Uint8Array.from(bytes);
      await work('keep a file', () => bucket.write(key, copy));
    },
    async get(key) {
      assertFileKey(key);
      return work('read a file', () => bucket.read(key));
    },
    async list(folder, after, limit) {
      assertFileKey(folder);
      return work('list files', () => bucket.keysBelow(folder, after, limit));
    },
    async delete(key) {
      assertFileKey(key);
      await work('delete a file', () => bucket.remove(key));
    },
    async deleteFolder(folder) {
      assertFileKey(folder);
      for (let keys = await work('list files', () => bucket.keysBelow(folder, null, PAGE)); keys.length > 0;) {
        for (const key of keys) await work('delete a folder', () => bucket.remove(key));
        keys = await work('list files', () => bucket.keysBelow(folder, keys.at(-1) ?? null, PAGE));
      }
    },
  };
}
