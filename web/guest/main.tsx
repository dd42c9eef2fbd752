import '../shared/look/design.css';
import './styles/frame.css';
import './styles/parks.css';
import './styles/visit.css';
import './styles/tickets.css';
import './styles/own.css';
import { start } from '../shared/start.tsx';
import { restore } from './account/session.ts';
import { App, fetchAhead } from './app.tsx';
import { texts } from './texts/texts.ts';

fetchAhead(location.pathname);
void restore();
void start({ base: '/', use: texts.use, app: <App /> });
