import { CELLS, CHOSEN } from './cells.ts';
import { playMatrix } from './fault-matrix.suite.ts';

// The rest of the matrix: what is played at every change is left out.
playMatrix(
  'finik-v1',
  CELLS.filter((cell) => !CHOSEN.includes(cell) && cell.wire !== 'bakai-v1'),
);
playMatrix(
  'bakai-v1',
  CELLS.filter((cell) => !CHOSEN.includes(cell) && cell.wire === 'bakai-v1'),
);
