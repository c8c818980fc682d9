/** Big bags: loose parcels and closed bags on the left, the open bags side by side, the scale on the right. */
import type { ReactNode } from 'react';
import type { BagMode, BagsSnapshot } from '#contract';
import { commandOf, isAvailable } from '../../input/commands.ts';
import { sendBagCommand } from '../../state/bag-actions.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import type { IconName } from '../../ui/icon.tsx';
import { Button } from '../../ui/parts.tsx';
import { FeedbackStrip } from '../pack/feedback-strip.tsx';
import { WeightPanel } from '../pack/weight-panel.tsx';
import { PlaceNext } from '../place/place-next.tsx';
import { QuestionPanel } from '../place/question-panel.tsx';
import { Problems } from '../status/problems.tsx';
import { TrainingPanel } from '../training/training-panel.tsx';
import { BagCards } from './bag-cards.tsx';
import { BagContent } from './bag-content.tsx';
import { BagList } from './bag-list.tsx';
import { BagOptions, isAsking } from './bag-options.tsx';
import { ChosenBag } from './chosen-bag.tsx';

const modeIcons: Readonly<Record<BagMode, IconName>> = {
  'put-in': 'bag',
  'take-out': 'outbox',
  move: 'sync',
  weigh: 'scale',
  recount: 'items',
};

export function BagsPlace(): ReactNode {
  const text = useText();
  const next = useStore((state) => state.bags?.next ?? null);
  const mode = useStore((state) => state.bags?.mode ?? 'put-in');
  const expects = useStore((state) => state.bags?.expects ?? null);
  // Then there is one bag to think of, and what is in it needs the room.
  const weighedWrong = useStore((state) => state.bags?.mismatch != null || state.bags?.recount != null);
  const trainingOpen = useStore((state) => state.trainingOpen);
  return (
    <>
      <BagList />
      <main className="centre">
        <PlaceNext
          next={next}
          stage={mode}
          word={text(`ui.bags.mode.${mode}`)}
          icon={modeIcons[mode]}
          expects={expects}
        />
        <FeedbackStrip />
        <QuestionPanel />
        <BagOptions />
        {weighedWrong ? null : <BagCards />}
        <BagContent />
        {weighedWrong ? null : <BagKeys />}
      </main>
      <aside className="side">
        <WeightPanel />
        {trainingOpen ? <TrainingPanel /> : null}
        <ChosenBag />
        <Problems />
      </aside>
    </>
  );
}

const noOptions: BagsSnapshot['options'] = [];

const shown = ['bag-open', 'bag-take-out', 'bag-move', 'bag-close', 'bag-reprint', 'bag-void', 'bag-undo'] as const;

function BagKeys(): ReactNode {
  const text = useText();
  const available = useStore((state) =>
    shown
      .filter((id) => {
        const command = commandOf(id);
        const offered = state.bags?.options.some((option) => `bag-${option.command}` === id) === true;
        return command !== undefined && isAvailable(command, state) && !offered;
      })
      .join(' '),
  );
  const mode = useStore((state) => state.bags?.mode ?? 'put-in');
  const options = useStore((state) => state.bags?.options ?? noOptions);
  const asking = useStore(isAsking);
  return (
    <footer className="order-commands place-keys">
      {asking
        ? null
        : options.map(({ command, key }) => (
            <Button
              key={command}
              quiet
              keyName={key}
              testId={`bag-option-${command}`}
              onPress={() => sendBagCommand({ command })}
            >
              {text(`ui.bags.command.${command}`)}
            </Button>
          ))}
      {available.split(' ').map((id) => {
        const command = commandOf(id);
        if (command === undefined) return null;
        return (
          <Button
            key={id}
            quiet
            keyName={command.key}
            testId={`command-${id}`}
            pressed={id === `bag-${mode}`}
            onPress={() => command.run(useStore.getState())}
          >
            {text(command.label)}
          </Button>
        );
      })}
    </footer>
  );
}
