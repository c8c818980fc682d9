/** What the last scan did, in words. Flashes anew with every answer, even when the words are the same. */
import type { ReactNode } from 'react';
import { useNoticeText, useText } from '../../state/locale.ts';
import { feedbackHere } from '../../state/places.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { toneIcons } from '../../ui/parts.tsx';

export function FeedbackStrip(): ReactNode {
  const feedback = useStore(feedbackHere);
  const text = useText();
  const notice = useNoticeText();
  const loud = feedback !== null && !feedback.accepted;
  return (
    <section className="feedback-slot" aria-live={loud ? 'assertive' : 'polite'} aria-atomic="true">
      {feedback === null ? null : (
        <div
          key={feedback.id}
          className={`feedback tone-${feedback.notice.tone}${feedback.fresh ? ' is-fresh' : ''}`}
          data-testid="feedback"
          data-id={feedback.id}
          data-code={feedback.notice.code}
          data-accepted={feedback.accepted}
          data-sound={feedback.sound}
        >
          <Icon name={toneIcons[feedback.notice.tone]} />
          <strong className="feedback-tone">{text(`ui.tone.${feedback.notice.tone}`)}</strong>
          <span className="feedback-words">{notice(feedback.notice)}</span>
          {feedback.code === '' || Object.values(feedback.notice.params).includes(feedback.code) ? null : (
            <code className="feedback-code" title={text('ui.pack.last')}>
              {feedback.code}
            </code>
          )}
        </div>
      )}
    </section>
  );
}
