import '../shared/look/design.css';
import './styles/frame.css';
import './styles/parks.css';
import './styles/visit.css';
import './styles/tickets.css';
import './styles/own.css';
import { start } from '../shared/start.tsx';
import { restore } from './account/session.ts';
import { App } from './app.tsx';
import { allParks } from './parks/parks.ts';
import { texts } from './texts/texts.ts';

// Asked for before the words are here: nearly every page shows a park.
void allParks();
void restore();
await start({ base: '/', use: texts.use, app: <App /> });
