import type { QuarantinedEntry } from '../domain/merged-log.ts';

/** What managers see of a device's log. */
export type DeviceLogFigures = {
  /** Its newest entry here; 0 without any. */
  readonly seq: number;
  /** How many entries were beyond what the device may let in alone. */
  readonly overQuota: number;
  /** How often it told another log than before. */
  readonly forks: number;
};

/** What a device told that had told something else before. */
export type DeviceFork = {
  readonly position: number;
  /** The first entry of which there are two. */
  readonly seq: number;
  readonly entries: readonly QuarantinedEntry[];
  readonly noticedAtMs: number;
};

/** Port: the logs of devices, to look at. */
export type ShownDeviceLogs = {
  figuresOf(deviceIds: readonly string[]): Promise<ReadonlyMap<string, DeviceLogFigures>>;
  /** Newest first. */
  forks(
    deviceId: string,
    page: { readonly after: number | null; readonly limit: number },
  ): Promise<readonly DeviceFork[]>;
};
