import { retireKey, rotateKey } from '../../infrastructure/keys/key-ring.ts';
import { keysFolder } from '../secrets.ts';
import type { Command } from './command.ts';
import type { Office } from './office.ts';

/** Keys that the configuration names are changed there. */
function areYours({ config, say }: Office): boolean {
  if (config.admissionKeyFile === null) return false;
  say('The keys are yours: put a new one into ADMISSION_KEY_FILE and name the old one in ADMISSION_OLD_KEY_FILES.');
  return true;
}

export const keyCommands: readonly Command[] = [
  {
    words: 'keys rotate admission',
    meaning: 'another key signs admission codes from the next start on; the codes of this one stay good',
    async run(_call, office) {
      if (areYours(office)) return 1;
      const { oldKeyId, newKeyId } = await rotateKey(keysFolder(office.config), 'admission');
      office.say(
        `From the next start on key ${newKeyId} signs. Codes of key ${oldKeyId} stay good; restart all processes together.`,
      );
      return 0;
    },
  },
  {
    words: 'keys retire admission',
    operands: [{ name: 'KEYID', pattern: /^[0-9a-f]{8}$/ }],
    meaning: 'the codes of that old key are refused from the next start on',
    async run({ operands: [keyId = ''] }, office) {
      if (areYours(office)) return 1;
      const isRetired = await retireKey(keysFolder(office.config), 'admission', keyId);
      office.say(
        isRetired ? `Codes of key ${keyId} are refused from the next start on.` : `There is no old key ${keyId}.`,
      );
      return isRetired ? 0 : 1;
    },
  },
];
