import { retireKey, rotateKey } from '../../infrastructure/keys/key-ring.ts';
import type { Config } from '../config.ts';
import { keysFolder } from '../secrets.ts';
import type { CliCommand } from './command-line.ts';

type KeyCommand = Extract<CliCommand, { readonly kind: 'rotate-key' | 'retire-key' }>;

/**
 * Changes the keys that this program made for itself. Keys that the configuration names are changed there.
 * @returns the exit code
 */
export async function changeKeys(command: KeyCommand, config: Config, say: (text: string) => void): Promise<number> {
  if (config.admissionKeyFile !== null) {
    say('The keys are yours: put a new one into ADMISSION_KEY_FILE and name the old one in ADMISSION_OLD_KEY_FILES.');
    return 1;
  }
  const folder = keysFolder(config);
  if (command.kind === 'retire-key') {
    const isRetired = await retireKey(folder, 'admission', command.keyId);
    say(
      isRetired
        ? `Codes of key ${command.keyId} are refused from the next start on.`
        : `There is no old key ${command.keyId}.`,
    );
    return isRetired ? 0 : 1;
  }
  const { oldKeyId, newKeyId } = await rotateKey(folder, 'admission');
  say(
    `From the next start on key ${newKeyId} signs. Codes of key ${oldKeyId} stay good; restart all processes together.`,
  );
  return 0;
}
