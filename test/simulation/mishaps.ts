import { parkFor, nodeFor, within, HOUR_MS, LASTS_MS, MINUTE_MS, type Story } from './story.ts';

export const cable: Story = (dice, at, tell) => {
  const [park, fromMs] = [parkFor(dice, at), within(dice, at, 0, LASTS_MS - HOUR_MS)];
  const kind = dice.pick(`${at}/kind`, ['cut', 'cut', 'replies_lost'] as const);
  tell(fromMs, { kind, park });
  tell(fromMs + (5 + dice.below(`${at}/length`, 480)) * MINUTE_MS, { kind: 'mend', park });
};

const MESSAGE_FAULTS = ['request_lost', 'reply_lost', 'reply_lost', 'twice', 'reply_cut'] as const;
export const badMessages: Story = (dice, at, tell) => {
  const many = 1 + dice.below(`${at}/many`, 4);
  const faults = Array.from({ length: many }, (_, each) => dice.pick(`${at}/fault/${each}`, MESSAGE_FAULTS));
  tell(within(dice, at, 0, LASTS_MS), { kind: 'messages', park: parkFor(dice, at), faults });
};

export const killed: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), {
    kind: 'crash',
    node: nodeFor(dice, at),
    forgets: dice.below(`${at}/forgets`, 40),
  });
};

/** A machine is put back to its backup, hours later. */
export const restored: Story = (dice, at, tell) => {
  const [node, fromMs] = [nodeFor(dice, at), within(dice, at, 0, LASTS_MS - 3 * HOUR_MS)];
  tell(fromMs, { kind: 'put_aside', node });
  tell(fromMs + (10 + dice.below(`${at}/length`, 720)) * MINUTE_MS, { kind: 'put_back', node });
};

const SKEWS_MS = [
  90_000,
  -90_000,
  20 * MINUTE_MS,
  -20 * MINUTE_MS,
  3 * HOUR_MS,
  -3 * HOUR_MS,
  365 * 24 * HOUR_MS,
] as const;
export const wrongClock: Story = (dice, at, tell) => {
  const [node, fromMs] = [nodeFor(dice, at), within(dice, at, 0, LASTS_MS - HOUR_MS)];
  tell(fromMs, { kind: 'skew', node, ms: dice.pick(`${at}/skew`, SKEWS_MS) });
  tell(fromMs + (5 + dice.below(`${at}/length`, 120)) * MINUTE_MS, { kind: 'skew', node, ms: 0 });
};

export const bankAway: Story = (dice, at, tell) => {
  const fromMs = within(dice, at, 0, LASTS_MS - HOUR_MS);
  tell(fromMs, { kind: 'bank_away' });
  tell(fromMs + (5 + dice.below(`${at}/length`, 120)) * MINUTE_MS, { kind: 'bank_back' });
};

/** A disk runs full and is cleaned hours later. */
export const diskFull: Story = (dice, at, tell) => {
  const [node, fromMs] = [nodeFor(dice, at), within(dice, at, 0, LASTS_MS - HOUR_MS)];
  tell(fromMs, { kind: 'disk_full', node });
  tell(fromMs + (5 + dice.below(`${at}/length`, 180)) * MINUTE_MS, { kind: 'disk_freed', node });
};

/** Now and then the machine of a park is stolen, after it was cut off or not. */
export const stolen: Story = (dice, at, tell) => {
  if (!dice.chance(`${at}/is`, 0.12)) return;
  const [park, afterMs] = [parkFor(dice, at), within(dice, at, HOUR_MS, LASTS_MS - 2 * HOUR_MS)];
  if (dice.chance(`${at}/cut`, 0.5)) tell(afterMs - HOUR_MS, { kind: 'cut', park });
  tell(afterMs, { kind: 'revoke', park });
};
