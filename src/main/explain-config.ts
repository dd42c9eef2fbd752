import { ConfigFault, examineConfig } from './config.ts';
import { explainSettings } from './settings/explain.ts';
import { settingsHelp } from './settings/reference.ts';

// Checks the configuration without starting anything; with --explain it also shows what counts and where it comes from.
const words = process.argv.slice(2);
if (words.includes('--help')) {
  process.stdout.write(`Usage: npm run config -- [--explain] [settings]\n\n${settingsHelp()}`);
  process.exit(0);
}
const { given, faults } = examineConfig(
  process.env,
  words.filter((word) => word !== '--explain'),
);
if (words.includes('--explain')) process.stdout.write(explainSettings(given));
if (faults.length > 0) process.stderr.write(`${new ConfigFault(faults).message}\n`);
else process.stdout.write('The configuration is usable.\n');
process.exit(faults.length > 0 ? 2 : 0);
