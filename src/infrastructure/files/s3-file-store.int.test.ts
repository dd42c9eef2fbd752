import { S3mini } from 's3mini';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasSwift, ownSwift, type OwnSwift } from '../../../test/support/own-swift.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { describeFileStore } from './file-store-contract.ts';
import { createS3FileStore } from './s3-file-store.ts';

describe.skipIf(!hasSwift())('OpenStack Swift', () => {
  let swift: OwnSwift;
  let folders = 0;
  beforeAll(async () => {
    swift = await ownSwift();
    await swift.start();
  });
  afterAll(() => swift.dispose());

  describeFileStore(
    'S3',
    () => createS3FileStore(swift.access),
    () => `folder-${(folders += 1)}`,
  );

  const changed = (change: object) => createS3FileStore({ ...swift.access, ...change });

  test.each([
    ['a wrong secret', { secretKey: 'guessed' }],
    ['a wrong user', { accessKey: 'test:nobody' }],
    ['a bucket that is not there', { bucket: 'nothing' }],
  ])('%s is told as a store that is away, by every method', async (_what, change) => {
    const store = changed(change);
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toThrow(StoreUnavailable);
    await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
    await expect(store.list('a', null, 1)).rejects.toThrow(StoreUnavailable);
    await expect(store.delete('a/b')).rejects.toThrow(StoreUnavailable);
    await expect(store.deleteFolder('a')).rejects.toThrow(StoreUnavailable);
  });

  test('a file that somebody else changed is not handed out', async () => {
    const { endpoint, bucket, accessKey, secretKey, region } = swift.access;
    const raw = new S3mini({
      endpoint: `${endpoint}/${bucket}`,
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      region,
    });
    await raw.putObject('changed/file', Buffer.from('theirs'));
    await expect(changed({}).get('changed/file')).rejects.toThrow(StoreUnavailable);
  });
});
