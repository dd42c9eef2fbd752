import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const today: AppTexts['today'] = {
  inside: 'Inside now',
  insideOf: (inside, capacity) => `${inside} of ${capacity}`,
  sold: 'Sold today',
  peopleSold: (people) => `for ${counted('en', people, { one: 'guest', other: 'guests' })}`,
  admitted: 'Came in today',
  admittedHint: 'by tickets for today',
  openIncidents: 'Open incidents',
  allIncidents: 'All incidents',
  resolveThem: 'Look at them',
  incidents: (count) => counted('en', count, { one: 'incident', other: 'incidents' }),
  live: 'live',
  notLive: 'connecting…',
  asOf: (time) => `at ${time}`,
  nodesBehind: 'The node of the park was not heard for a while: its newest scans are not counted yet',
  byHour: 'Guests in the park by the hour',
  peak: 'Most at once',
  entered: 'Came in within the hour',
  nobodyYet: 'Nobody has passed the gates today. The plot appears with the first guest.',
  node: 'Node of the park',
  nodeHint: 'Lets guests in without internet too',
  noNode: 'no node of its own',
  nodeStates: {
    well: 'connected',
    silent: 'silent',
    troubled: 'needs help',
    never_heard: 'not heard yet',
    invited: 'to be enrolled',
  },
};
