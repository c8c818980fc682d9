/** Entry of the screen: connects, listens to the keys, then draws. */
import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import '../ui/styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectStation } from '../client/connect.ts';
import { startInput } from './start-input.ts';
import { setStation } from '../state/actions.ts';
import { followStation } from '../state/follow.ts';
import { localeOf } from '../state/locale.ts';
import { feedbackHere } from '../state/places.ts';
import { readPreferences, writePreferences } from '../state/preferences-slice.ts';
import { useStore } from '../state/store.ts';
import { takeDeviceScans } from '../input/device-scans.ts';
import { playSound } from '../ui/sound.ts';
import { App } from './app.tsx';

useStore.setState(readPreferences(window.localStorage));

const station = connectStation(window, {
  onRefused: (refused) =>
    useStore.setState((state) => {
      if (refused) return { reach: { kind: 'refused' } };
      return state.reach.kind === 'refused' ? { reach: { kind: 'connecting' } } : {};
    }),
});
setStation(station);
followStation(station, () => Date.now());
startInput(window);
takeDeviceScans(station);

useStore.subscribe((state, before) => {
  // Another place's answer, and one that was shown before its place was opened, is not heard.
  const feedback = feedbackHere(state);
  if (state.place === before.place && feedback !== feedbackHere(before) && feedback?.fresh === true) {
    playSound(feedback.sound, state.volume);
  }
  if (
    state.chosenLocale !== before.chosenLocale ||
    state.volume !== before.volume ||
    state.scannerPrefix !== before.scannerPrefix
  ) {
    writePreferences(window.localStorage, state);
  }
  document.documentElement.lang = localeOf(state);
});

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app element');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
