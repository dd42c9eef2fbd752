import { systemIds } from '../../src/infrastructure/ids.ts';
import type { Ids } from '../../src/kernel/ids.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { Dice } from './dice.ts';

/** Ids that a seed gives again: UUIDs of version 7 by the clock of their node, in the order in which they are drawn. */
export function createSimulatedIds(node: string, dice: Dice, clock: Clock): Ids {
  let drawn = 0;
  return {
    next() {
      drawn += 1;
      const time = clock.now().toString(16).padStart(12, '0');
      const order = (drawn & 0xfff).toString(16).padStart(3, '0');
      const rest = dice.bytes(`id/${node}/${drawn}`, 8);
      rest.writeUInt8((rest.readUInt8(0) & 0x3f) | 0x80, 0);
      const tail = rest.toString('hex');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${tail.slice(0, 4)}-${tail.slice(4)}`;
    },
    derive: (name) => systemIds.derive(name),
    secret(bytes) {
      drawn += 1;
      return dice.bytes(`secret/${node}/${drawn}`, bytes).toString('base64url');
    },
  };
}
