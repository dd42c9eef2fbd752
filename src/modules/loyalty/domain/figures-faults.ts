import type { Figures } from './figures.ts';

/** What is wrong with a field; `path` names it in the words of the program: `tiers.1.minimumPoints`. */
export type FigureFault = { readonly path: string; readonly message: string };

const within = (path: string, number: number, least: number, most: number): readonly FigureFault[] =>
  Number.isInteger(number) && number >= least && number <= most
    ? []
    : [{ path, message: `must be a whole number from ${least} to ${most}` }];

const MOST_POINTS = 1_000_000;
const MOST_TIERS = 20;
/** 1 million som. */
const MOST_TYIYN = 100_000_000n;

/** Why figures cannot be in force; none when they can. */
export function figureFaults(figures: Figures): readonly FigureFault[] {
  const { tiers, earningTyiyn, worthTyiyn, spendablePercent, validMonths, returnedDays } = figures;
  const faults = [
    ...within('tiers', tiers.length, 1, MOST_TIERS),
    ...within('spendablePercent', spendablePercent, 0, 100),
    ...within('validMonths', validMonths, 1, 120),
    ...within('returnedDays', returnedDays, 0, 366),
  ];
  for (const [path, tyiyn] of Object.entries({ earningTyiyn, worthTyiyn })) {
    if (tyiyn < 1n || tyiyn > MOST_TYIYN) faults.push({ path, message: 'must be from 0.01 to 1000000.00 som' });
  }
  for (const [index, { name, minimumPoints, discountPercent }] of tiers.entries()) {
    const [at, before] = [`tiers.${index}`, tiers[index - 1]];
    faults.push(
      ...within(`${at}.minimumPoints`, minimumPoints, 0, MOST_POINTS),
      ...within(`${at}.discountPercent`, discountPercent, 0, 100),
    );
    if (before === undefined && minimumPoints !== 0) {
      faults.push({ path: `${at}.minimumPoints`, message: 'must be 0, so that everybody has a tier' });
    }
    if (before !== undefined && minimumPoints <= before.minimumPoints) {
      faults.push({ path: `${at}.minimumPoints`, message: 'must be more than that of the tier before' });
    }
    if (tiers.findIndex((tier) => tier.name === name) !== index) {
      faults.push({ path: `${at}.name`, message: 'is the name of another tier' });
    }
  }
  return faults;
}
