/** A decision that goes on record wants its reason: the common ones by digit, any other in words. */
import { useState, type ReactNode } from 'react';
import { useText } from '../../state/locale.ts';
import { answerByNumber, answerQuestion } from '../../state/question.ts';
import { useStore } from '../../state/store.ts';
import { Button, KeyCap } from '../../ui/parts.tsx';

export function QuestionPanel(): ReactNode {
  const question = useStore((state) => state.question);
  return question === null ? null : <Asked key={question.about} about={question.about} presets={question.presets} />;
}

function Asked({ about, presets }: { readonly about: string; readonly presets: number }): ReactNode {
  const text = useText();
  const [other, setOther] = useState('');
  return (
    <section
      className="prompt tone-ask"
      role="dialog"
      aria-labelledby="question-title"
      data-testid="question"
      data-about={about}
    >
      <p className="prompt-words" id="question-title">
        {text(`ui.ask.${about}`)}
      </p>
      <div className="prompt-options">
        {Array.from({ length: presets }, (_, index) => index + 1).map((number) => (
          <Button
            key={number}
            keyName={String(number)}
            onPress={() => answerByNumber(number)}
            testId={`question-${number}`}
          >
            {text(`ui.ask.${about}.${number}`)}
          </Button>
        ))}
      </div>
      <form
        className="reason-other"
        onSubmit={(event) => {
          event.preventDefault();
          answerQuestion(other);
        }}
      >
        <label>
          <span>{text('ui.reason.other')}</span>
          <input
            value={other}
            maxLength={200}
            onChange={(event) => setOther(event.target.value)}
            data-testid="question-other"
          />
        </label>
        <button type="submit" className="button">
          {text('ui.reason.confirm')}
        </button>
        <span className="faint">
          <KeyCap name="Esc" /> {text('ui.ask.never-mind')}
        </span>
      </form>
    </section>
  );
}
