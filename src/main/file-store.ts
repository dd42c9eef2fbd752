import { join } from 'node:path';
import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createFolderFileStore } from '../infrastructure/files/folder-file-store.ts';
import { createS3FileStore } from '../infrastructure/files/s3-file-store.ts';
import type { FileStore } from '../kernel/file-store.ts';
import type { Config } from './config.ts';

export const filesFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'files');

/** Where pictures are kept: the configured bucket, or a folder of the data directory. */
export const openFileStore = (config: Config, watchBreaker?: (dependency: string) => OnBreaker): FileStore =>
  config.s3 === null
    ? createFolderFileStore(filesFolder(config))
    : createS3FileStore(config.s3, { onBreaker: watchBreaker?.('s3') });
