import '../shared/look/design.css';
import './console.css';
import { start } from '../shared/start.tsx';
import { App } from './app.tsx';
import { texts } from './texts/texts.ts';

void start({ base: '/console/', use: texts.use, app: <App /> });
