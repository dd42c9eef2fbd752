import { CHOSEN } from './cells.ts';
import { playMatrix } from './fault-matrix.suite.ts';

playMatrix(
  'finik-v1',
  CHOSEN.filter(({ wire }) => wire !== 'bakai-v1'),
);
playMatrix(
  'bakai-v1',
  CHOSEN.filter(({ wire }) => wire === 'bakai-v1'),
);
