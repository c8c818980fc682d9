/** The end of the day: choose what goes, tell the carrier, watch its answers, scan everything onto the truck. */
import type { ReactNode } from 'react';
import { commandOf, isAvailable } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/parts.tsx';
import { FeedbackStrip } from '../pack/feedback-strip.tsx';
import { PlaceNext } from '../place/place-next.tsx';
import { QuestionPanel } from '../place/question-panel.tsx';
import { Problems } from '../status/problems.tsx';
import { TrainingPanel } from '../training/training-panel.tsx';
import { ChoicesPanel } from './choices-panel.tsx';
import { DocumentsPanel } from './documents-panel.tsx';
import { LoadingPanel } from './loading-panel.tsx';
import { PushPanel } from './push-panel.tsx';

export function DayPlace(): ReactNode {
  const text = useText();
  const next = useStore((state) => state.day?.next ?? null);
  const loading = useStore((state) => state.day?.loading != null);
  const trainingOpen = useStore((state) => state.trainingOpen);
  const stage = loading ? 'loading' : 'choosing';
  return (
    <>
      <main className="centre">
        <PlaceNext next={next} stage={stage} word={text(`ui.day.stage.${stage}`)} icon={loading ? 'vendor' : 'items'} />
        <FeedbackStrip />
        <QuestionPanel />
        {loading ? <LoadingPanel /> : <ChoicesPanel />}
        <DayKeys />
      </main>
      <aside className="side">
        {trainingOpen ? <TrainingPanel /> : null}
        {loading ? null : <PushPanel />}
        <DocumentsPanel />
        <Problems />
      </aside>
    </>
  );
}

const shown = ['day-loose', 'day-load', 'day-end', 'day-end-unread', 'day-cancel'] as const;

function DayKeys(): ReactNode {
  const text = useText();
  const available = useStore((state) =>
    shown
      .filter((id) => {
        const command = commandOf(id);
        return command !== undefined && isAvailable(command, state);
      })
      .join(' '),
  );
  const looseToo = useStore((state) => state.looseToo);
  return (
    <footer className="order-commands place-keys">
      {available.split(' ').map((id) => {
        const command = commandOf(id);
        if (command === undefined) return null;
        return (
          <Button
            key={id}
            quiet
            keyName={command.key}
            testId={`command-${id}`}
            {...(id === 'day-loose' ? { pressed: looseToo } : {})}
            onPress={() => command.run(useStore.getState())}
          >
            {text(id === 'day-loose' ? `ui.day.loose.${looseToo ? 'with' : 'without'}` : command.label)}
          </Button>
        );
      })}
    </footer>
  );
}
