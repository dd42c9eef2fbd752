const MS_AN_HOUR = 3_600_000;

/** Which hour of the device's clock a moment is in, counted from 1970. */
export const hourOf = (saidAtMs: number): number => Math.floor(saidAtMs / MS_AN_HOUR);

/** Half as many again are let in with a mark before a device lets nobody in any more. */
export const amberOf = (greenPerHour: number): number => Math.floor(greenPerHour / 2);

/** What a device that works alone says to a party: come in, come in and it is marked, or not by this device. */
export type QuotaLight = 'green' | 'amber' | 'refuse';

/**
 * @param before how many the device has let in alone in this hour
 * @param people how many want to come in now
 */
export function quotaLight(
  { greenPerHour, amberPerHour }: { readonly greenPerHour: number; readonly amberPerHour: number },
  before: number,
  people: number,
): QuotaLight {
  if (before + people <= greenPerHour) return 'green';
  return before + people <= greenPerHour + amberPerHour ? 'amber' : 'refuse';
}
