import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readJournal } from '../../src/main/cli/journal-facts.ts';
import { startProduct } from '../../src/main/product.ts';
import { visitPark } from '../../tools/demo/family.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import { openJournal } from '../../tools/demo/journal.ts';
import { Session } from '../../tools/demo/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, loggerOf, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

describeWithDatabase('a family', () => {
  test('registers, buys, pays, walks in and gets points, and then every rule holds', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const dataDir = await temporaryDataDir();
    const config = configOf(await localSettings(dataDir, { DATABASE_URL: database.url }));
    const product = await startProduct(config, loggerOf(config));
    onTestFinished(() => product.stop());
    const baseUrl = config.publicUrl;
    const steps: string[] = [];
    const journalFile = join(dataDir, 'journal');
    const journal = await openJournal(journalFile);
    const gate = new Session(baseUrl, await gateLogin(dataDir), patience);
    await gate.signIn();
    const visit = await visitPark({ baseUrl, gate, journal, patience, tell: (step) => steps.push(step) });
    await journal.close();
    expect(visit).toMatchObject({ people: 2, paidSom: '350.00', points: 35 });
    expect(steps).toEqual([
      'register',
      'log in',
      'verify',
      'add a child',
      'see a park',
      'quote',
      'buy',
      'start payment',
      'pay',
      'ticket',
      'QR code',
      'validate',
      'scan in',
      'scan again',
      'points',
    ]);
    await expectRulesToHold(database.url, await readJournal(journalFile));
  });
});
