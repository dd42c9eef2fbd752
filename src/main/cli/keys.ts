import { join } from 'node:path';
import { retireKey, rotateKey } from '../../infrastructure/keys/key-ring.ts';
import { systemCode } from '../../infrastructure/system-code.ts';
import { keysFolder, tokenKeyFile } from '../secrets.ts';
import type { Command, Operand } from './command.ts';
import type { Office } from './office.ts';

/** Keys that the configuration names are changed there. */
function areYours({ config, say }: Office): boolean {
  if (config.admissionKeyFile === null) return false;
  say('The keys are yours: put a new one into ADMISSION_KEY_FILE and name the old one in ADMISSION_OLD_KEY_FILES.');
  return true;
}

const admissionKeyFile = (config: Office['config']): string => join(keysFolder(config), 'admission.pem');

const KEY_ID: Operand = { name: 'KEYID', pattern: /^[0-9a-f]{8}$/ };

/** Where a secret is handed in, nobody but whoever keeps it can change it. */
const READ_ONLY: ReadonlySet<string | null> = new Set(['EROFS', 'EACCES', 'EPERM', 'EBUSY']);

export const keyCommands: readonly Command[] = [
  {
    words: 'keys rotate admission',
    meaning: 'another key signs admission codes from the next start on; the codes of this one stay good',
    async run(_call, office) {
      if (areYours(office)) return 1;
      const { oldKeyId, newKeyId } = await rotateKey(admissionKeyFile(office.config));
      office.say(
        `From the next start on key ${newKeyId} signs. Codes of key ${oldKeyId} stay good; restart all processes together.`,
      );
      return 0;
    },
  },
  {
    words: 'keys retire admission',
    operands: [KEY_ID],
    meaning: 'the codes of that old key are refused from the next start on',
    async run({ operands: [keyId = ''] }, office) {
      if (areYours(office)) return 1;
      const isRetired = await retireKey(admissionKeyFile(office.config), keyId);
      office.say(
        isRetired ? `Codes of key ${keyId} are refused from the next start on.` : `There is no old key ${keyId}.`,
      );
      return isRetired ? 0 : 1;
    },
  },
  {
    words: 'keys rotate tokens',
    meaning: 'another key signs access tokens within seconds; those of this one stay good for an hour',
    async run(_call, office) {
      const file = tokenKeyFile(office.config);
      try {
        const { oldKeyId, newKeyId } = await rotateKey(file);
        office.say(`Key ${newKeyId} signs within ten seconds, without a restart. Tokens of key ${oldKeyId} stay good.`);
        return 0;
      } catch (error) {
        if (!READ_ONLY.has(systemCode(error))) throw error;
        office.say(
          `${file} cannot be replaced here: change it where it is kept, and name the other key in JWT_OTHER_KEY_FILES.`,
        );
        return 1;
      }
    },
  },
  {
    words: 'keys retire tokens',
    operands: [KEY_ID],
    meaning: 'the tokens of that old key are refused within seconds: apps refresh theirs',
    async run({ operands: [keyId = ''] }, office) {
      const isRetired = await retireKey(tokenKeyFile(office.config), keyId);
      office.say(
        isRetired ? `Tokens of key ${keyId} are refused within ten seconds.` : `There is no old key ${keyId}.`,
      );
      return isRetired ? 0 : 1;
    },
  },
];
