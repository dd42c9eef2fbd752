import '../shared/look/design.css';
import './gate.css';
import { start } from '../shared/start.tsx';
import { App } from './app.tsx';
import { begin } from './device/running.ts';
import { stayAwake } from './scan/feedback.ts';
import { texts } from './texts/texts.ts';

void begin()
  .then(() => start({ base: '/gate/', use: texts.use, app: <App /> }))
  .then(stayAwake);
