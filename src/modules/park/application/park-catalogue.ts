import type { LocalDate } from '../../../kernel/time.ts';
import type { Holiday } from '../contract.ts';
import type { DateRule, DayDefaults, DayFacts } from '../domain/day-rule.ts';
import type { ParkProfile } from '../domain/park-profile.ts';

export type { DateRule, DayRule } from '../domain/day-rule.ts';
export type { ParkChanges, ParkDraft } from '../domain/park-profile.ts';
export { AMENITIES } from '../domain/park-faults.ts';

/** A park as guests see it. */
export type ParkCard = Omit<ParkProfile, 'latitudeE7' | 'longitudeE7'> & {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Counts its edits from 1. */
  readonly version: number;
};

/** Port: the parks of the chain. */
export type ParkCatalogue = {
  find(parkId: string): Promise<ParkCard | null>;
  /** All of them, by id; a chain has few. */
  all(): Promise<readonly ParkCard[]>;
};

/** All that decides what a park offers on a date. */
export type DaySource = DayFacts & {
  readonly park: DayDefaults;
  readonly date: LocalDate;
  /** Of the date's own rule; 0 while nobody made one. */
  readonly version: number;
};

/** Port: what days are made of. */
export type DaySources = {
  /** Null when there is no such park. */
  find(parkId: string, date: LocalDate): Promise<DaySource | null>;
  /** In the order asked, by one question; none when there is no such park. */
  range(parkId: string, dates: readonly LocalDate[]): Promise<readonly DaySource[]>;
};

/** What an editor sees of a date besides what holds there. */
export type OwnRule = { readonly rule: DateRule | null; readonly version: number };

/** Port: the public holidays in order of their dates, and how often the list was edited. */
export type HolidayBook = () => Promise<{ readonly holidays: readonly Holiday[]; readonly version: number }>;

/** Port: people inside now, in the order asked. */
export type LiveOccupancy = (parkIds: readonly string[]) => Promise<readonly number[]>;

/**
 * Port: how old the figures of gates are that another node serves, and how many such nodes are silent; null where this node
 * serves them.
 */
export type GateLag = (parkId: string) => Promise<{ readonly nodesBehind: number; readonly asOfMs: number } | null>;

/** Port: places that can still be sold on each date, and those sold beyond a lowered quota; null where nothing was sold yet. */
export type PlacesOfDays = (
  parkId: string,
  dates: readonly string[],
) => Promise<readonly ({ readonly free: number; readonly deficit: number } | null)[]>;

/** Port: days that are on sale take over the quota that now holds. */
export type FollowQuota = (parkId: string, dates: readonly LocalDate[]) => Promise<void>;
