import { texts } from './texts/texts.ts';

export const App = () => <h1>{texts().title}</h1>;
