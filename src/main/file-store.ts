import { join } from 'node:path';
import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createFolderFileStore } from '../infrastructure/files/folder-file-store.ts';
import { createS3FileStore } from '../infrastructure/files/s3-file-store.ts';
import type { FileStore } from '../kernel/file-store.ts';
import type { Config } from './config.ts';

/** Where pictures are kept: the configured bucket, or a folder of the data directory. */
export const openFileStore = ({ s3, dataDir }: Config, watchBreaker?: (dependency: string) => OnBreaker): FileStore =>
  s3 === null
    ? createFolderFileStore(join(dataDir, 'files'))
    : createS3FileStore(s3, { onBreaker: watchBreaker?.('s3') });
